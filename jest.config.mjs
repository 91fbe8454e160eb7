/** No transform: `tsc -b` has compiled everything, tests included, and jest runs that output as native ES modules. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test/dist'],
  testMatch: ['**/*.test.js'],
  transform: {},
  testTimeout: 30_000,
  maxWorkers: 2,
};
