import { MusistrataError, type ProblemDocument } from '../error.js';
import { retryAfterSeconds } from './retry-after.js';

/** More of a refusal than this is not read: a proxy may answer with a page. */
const LONGEST_BODY = 1 << 20;

/** The error that an answer with a status of 400 or more stands for; never rejects, whatever the body is. */
export async function refusalOf(response: Response): Promise<MusistrataError> {
  const details = {
    status: response.status,
    retryAfter: retryAfterSeconds(response.headers.get('retry-after'), Date.now()),
  };
  const problem = asProblem(await bodyText(response));
  if (problem) return new MusistrataError(problem.code, problem.detail, { ...details, problem });
  const { pathname } = new URL(response.url || 'http://unknown/');
  return new MusistrataError(
    `http-${response.status}`,
    `${pathname} was answered with ${response.status} ${response.statusText}`.trimEnd(),
    details,
  );
}

async function bodyText(response: Response): Promise<string> {
  try {
    const text = await response.text();
    return text.length <= LONGEST_BODY ? text : '';
  } catch {
    return '';
  }
}

function asProblem(text: string): ProblemDocument | null {
  try {
    const value = JSON.parse(text) as Partial<ProblemDocument> | null;
    if (typeof value?.code !== 'string' || typeof value.detail !== 'string') return null;
    return Array.isArray(value.errors ?? []) ? (value as ProblemDocument) : null;
  } catch {
    return null;
  }
}
