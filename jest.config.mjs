/** No transform: `tsc -b` has compiled everything, tests included, and jest runs that output as native ES modules. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test/dist'],
  testMatch: ['**/*.test.js'],
  transform: {},
  globalSetup: '<rootDir>/test/dist/redis/global-setup.js',
  globalTeardown: '<rootDir>/test/dist/redis/global-teardown.js',
  testTimeout: 30_000,
  maxWorkers: 2,
};
