import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EXAMPLE = 'examples/first-song.json';

export interface WelcomeFacts {
  readonly url: string;
  /** Which Redis, and why that one. */
  readonly redis: string;
  readonly dataFolder: string;
  readonly workers: string;
}

/** What a newcomer reads once the stack is up; the curl line works when pasted. */
export function welcome({ url, redis, dataFolder, workers }: WelcomeFacts): string {
  const score = existsSync(fileURLToPath(new URL(`../../../${EXAMPLE}`, import.meta.url)))
    ? `-d @${EXAMPLE}`
    : `-d '{"Tempo":96,"Tracks":[{"Instrument":"Vibraphone","Bars":[{"SoundEvents":[{"Note":{"Name":"C","Octave":6}}]}]}]}'`;
  return `
  Musistrata Render is up: ${url}
    queue    ${redis}
    files    ${dataFolder}
    workers  ${workers}

  From a score to a file in one line:
    curl -s ${url}/v1/renders -H 'Content-Type: application/json' -H 'Accept: audio/wav' -H 'Prefer: wait=30' ${score} -o first-song.wav

  In a browser: ${url}    Interface: ${url}/docs    Ctrl-C ends everything, after what is being rendered.
`;
}
