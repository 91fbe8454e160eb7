import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

// In a process of its own, as the service is: with the load generator in one process it would be measured without a change of process for every chunk.
const nodeServer = `
  import { createReadStream, statSync } from 'node:fs';
  import { createServer } from 'node:http';
  const [file, port] = process.argv.slice(1);
  createServer((_, answer) => {
    answer.setHeader('Content-Length', statSync(file).size);
    createReadStream(file).pipe(answer);
  }).listen(Number(port), '127.0.0.1');
`;

/** Plain servers of one file to compare downloads with: Node's, and nginx where it is installed. */
export async function plainServers(folder, name, port) {
  const children = [
    spawn(process.execPath, ['--input-type=module', '--eval', nodeServer, join(folder, name), `${port}`], {
      stdio: 'ignore',
    }),
  ];
  const servers = [{ name: 'plain node:http', port, path: '/' }];
  if (spawnSync('nginx', ['-v']).status === 0) {
    const config = join(folder, 'nginx.conf');
    writeFileSync(
      config,
      `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${folder}/nginx.pid; error_log stderr crit; events {} ` +
        `http { access_log off; sendfile on; server { listen 127.0.0.1:${port + 1}; root ${folder}; } }`,
    );
    children.push(spawn('nginx', ['-c', config, '-p', folder], { stdio: 'ignore' }));
    servers.push({ name: 'nginx', port: port + 1, path: `/${name}` });
  }
  for (const child of children) process.on('exit', () => child.kill('SIGTERM'));
  for (const server of servers) {
    for (let attempt = 0; ; attempt++) {
      const answer = await fetch(`http://127.0.0.1:${server.port}${server.path}`, { method: 'HEAD' }).catch(() => null);
      if (answer?.ok) break;
      if (attempt > 100) throw new Error(`${server.name} is not ready`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    servers,
    stop: () => {
      for (const child of children) child.kill();
    },
  };
}
