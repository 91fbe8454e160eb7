import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type BlobStore, FolderBlobStore } from '@musistrata/blob-store';
import {
  type Render,
  RenderCaretaker,
  type RenderCaretakerOptions,
  RenderDesk,
  type RenderDeskOptions,
  RenderStation,
  type RenderStationOptions,
} from '@musistrata/render-queue';
import { deleteKeys, type TestRedis, useTestRedis } from '../../redis/test-redis.js';
import { burnRunner } from './burn-runner.js';

export interface Fault {
  readonly fault: unknown;
  readonly where: string;
}

/** A whole service without HTTP for one test file: one Redis name, one folder, as many desks and stations as a test opens. */
export class Installation {
  readonly faults: Fault[] = [];
  folder = '';
  store!: BlobStore;

  constructor(
    readonly redis: TestRedis,
    private readonly defaults: { readonly name?: string } = {},
  ) {}

  get name(): string {
    return this.defaults.name ?? this.redis.name;
  }

  get prefix(): string {
    return `{${this.name}}`;
  }

  readonly onFault = (fault: unknown, where: string): void => {
    this.faults.push({ fault, where });
  };

  async desk(options: Partial<RenderDeskOptions> = {}): Promise<RenderDesk> {
    return this.redis.closing(await RenderDesk.open({ ...this.#common(), ...options }));
  }

  async station(options: Partial<RenderStationOptions> = {}): Promise<RenderStation> {
    const station = await RenderStation.open({
      ...this.#common(),
      runner: burnRunner,
      slots: 2,
      workFolder: join(this.folder, 'work'),
      ...options,
    });
    this.redis.closing({ close: () => station.close(0) });
    return station;
  }

  async caretaker(options: Partial<RenderCaretakerOptions> = {}): Promise<RenderCaretaker> {
    return this.redis.closing(await RenderCaretaker.open({ ...this.#common(), ...options }));
  }

  /** What a Redis without persistence does when it is restarted. */
  wipeRedis(): Promise<void> {
    return deleteKeys(this.redis.client, this.name);
  }

  #common() {
    return { redisUrl: this.redis.url, store: this.store, name: this.name, onFault: this.onFault, engineVersion: '1' };
  }
}

/** An installation with a folder of its own, gone after the file. */
export function useInstallation(label: string): Installation {
  const installation = new Installation(useTestRedis(label));
  useFolder(installation);
  return installation;
}

function useFolder(installation: Installation): void {
  beforeAll(async () => {
    installation.folder = await mkdtemp(join(tmpdir(), 'musistrata-test-'));
    installation.store = new FolderBlobStore({ folder: join(installation.folder, 'blobs'), flush: false });
  });
  afterAll(() => rm(installation.folder, { recursive: true, force: true }));
}

/** Polls until a condition holds; the message of the failure is what was seen last. */
export async function until<T>(look: () => Promise<T>, isDone: (seen: T) => boolean, seconds = 15): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (isDone(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(seen)} after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until a render has ended. */
export function ended(desk: RenderDesk, id: string, seconds?: number): Promise<Render> {
  return until(
    () => desk.get(id),
    (render) => render.finishedAt !== null,
    seconds,
  );
}
