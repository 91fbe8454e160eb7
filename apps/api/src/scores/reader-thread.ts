import { type ReadResult, type ReadTask, readSubmission } from './read-submission.js';

/** Entry of the threads that read large scores. */
export default function read(task: ReadTask): Promise<ReadResult> {
  return readSubmission(task);
}
