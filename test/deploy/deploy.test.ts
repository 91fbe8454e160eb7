import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { environmentSchema as apiVariables, Metrics } from '@musistrata/api';
import { WorkerMetrics, environmentSchema as workerVariables } from '@musistrata/worker';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('what is offered to watch the services with', () => {
  let known: Set<string>;

  beforeAll(() => {
    const api = new Metrics();
    api.observeQueue(() => Promise.reject(new Error('no queue here')));
    const worker = new WorkerMetrics(1, () => 0);
    const metrics = [...api.registry.getMetricsAsArray(), ...worker.registry.getMetricsAsArray()];
    known = new Set(
      metrics.flatMap(({ name, type }) =>
        String(type) === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
  });

  const used = (text: string) => text.match(/\b(?:musistrata|process|nodejs)_[a-z0-9_]+/g) ?? [];

  test('the dashboard must use metrics that exist', () => {
    const { panels } = JSON.parse(read('deploy/grafana-dashboard.json'));
    const expressions: string[] = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
      targets.map(({ expr }) => expr),
    );
    expect(expressions.filter((expression) => used(expression).length === 0)).toEqual([]);
    expect(used(expressions.join('\n')).filter((name) => !known.has(name))).toEqual([]);
  });

  test('the alerts must use metrics that exist', () => {
    const expressions = [...read('deploy/prometheus-alerts.yml').matchAll(/^ +expr: (.*)$/gm)].map(([, text]) => text);
    expect(expressions.length).toBeGreaterThan(0);
    expect(used(expressions.join('\n')).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the container image', () => {
  const dockerfile = read('Dockerfile');

  test('must copy the package.json of every workspace before it installs', () => {
    const copied = [...dockerfile.matchAll(/^COPY ((?:packages|apps)\/[\w-]+)\/package\.json/gm)].map(
      ([, path]) => path,
    );
    const workspaces = ['packages', 'apps'].flatMap((folder) =>
      readdirSync(new URL(folder, root), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${folder}/${name}`),
    );
    expect(copied.sort()).toEqual(workspaces.sort());
  });

  test('must set variables that the services read, and the instruments for both', () => {
    const [, settings = ''] = /^ENV (DATA_DIR=(?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
    const names = [...settings.matchAll(/\b([A-Z_]+)=/g)].map(([, name]) => name ?? '');
    expect(names).toEqual(expect.arrayContaining(['DATA_DIR', 'DEFAULT_SOUNDFONT', 'HEALTH_HOST', 'HOST']));
    const read = { ...apiVariables.shape, ...workerVariables.shape };
    expect(names.filter((name) => !Object.hasOwn(read, name))).toEqual([]);
    for (const name of ['DATA_DIR', 'DEFAULT_SOUNDFONT', 'REDIS_URL'])
      for (const shape of [apiVariables.shape, workerVariables.shape]) expect(shape).toHaveProperty(name);
  });

  test('docker-compose.yml must set variables that the services read', () => {
    const names = [...read('docker-compose.yml').matchAll(/^ +([A-Z][A-Z_]+): /gm)].map(([, name]) => name ?? '');
    expect(names).toContain('REDIS_URL');
    const known = { ...apiVariables.shape, ...workerVariables.shape };
    expect(names.filter((name) => !Object.hasOwn(known, name))).toEqual([]);
  });
});
