/** What is the same every time a refusal is given: its status, its title and what to do about it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** One sentence for docs/errors.md and the docs page: what the reader of the refusal can do. */
  readonly remedy: string;
}

const kind = (status: number, title: string, remedy: string): ProblemKind => ({ status, title, remedy });

/** Every refusal this service can give. Codes are stable: clients may compare them. */
export const problemKinds = {
  'malformed-request': kind(400, 'Malformed request', 'Send a request that RFC 9112 allows.'),
  'malformed-json': kind(400, 'Malformed JSON', 'Correct the JSON at the place named in the detail.'),
  'malformed-multipart': kind(
    400,
    'Malformed multipart body',
    'Let your HTTP library build the body and its boundary.',
  ),
  'malformed-encoding': kind(400, 'Broken content encoding', 'Compress the body again, or send it as it is.'),
  'malformed-url': kind(400, 'Malformed URL', 'Percent-encode the path and the query as UTF-8.'),
  'body-missing': kind(400, 'No body', 'Send the score, the sound font or the samples in the body.'),
  'body-incomplete': kind(400, 'Incomplete body', 'Send as many bytes as Content-Length announces.'),
  'parameters-invalid': kind(400, 'Invalid parameters', 'Correct the query parameters and headers listed in errors.'),
  'score-unreadable': kind(400, 'Unreadable score', 'Check that the file is whole and what its name says it is.'),
  'host-not-allowed': kind(421, 'Wrong host', 'Call the service by the name it is known by; PUBLIC_URL sets it.'),
  unauthenticated: kind(401, 'No valid API key', 'Send "Authorization: Bearer KEY" with a key of this server.'),
  forbidden: kind(403, 'Not allowed', 'Use a key that has the scope named in the detail.'),
  'origin-not-allowed': kind(403, 'Origin not allowed', 'Add the origin of the page to CORS_ORIGINS.'),
  'link-invalid': kind(403, 'Invalid link', 'Fetch the render again: its links are signed anew.'),
  'route-not-found': kind(404, 'No such address', 'See /docs for the addresses of this service.'),
  'render-not-found': kind(404, 'No such render', 'Check the id; a key sees only the renders made with it.'),
  'part-not-found': kind(404, 'No such part', 'See the stems of the render for the parts it has.'),
  'render-file-not-found': kind(404, 'No such file', 'The render was made without this file; submit the score again.'),
  'method-not-allowed': kind(405, 'Method not allowed', 'Use one of the methods in the Allow header.'),
  'not-acceptable': kind(
    406,
    'Nothing acceptable',
    'Accept application/json, or the audio type that options.format makes.',
  ),
  'request-timeout': kind(408, 'Request took too long', 'Send the whole request faster.'),
  'render-unfinished': kind(409, 'Render not finished', 'Wait for it: see Retry-After, or ask with ?wait=30.'),
  'render-failed': kind(409, 'Render failed', 'See error in the render; correct the score and submit it again.'),
  'render-canceled': kind(409, 'Render canceled', 'Submit the score again.'),
  'soundfont-exists': kind(409, 'Sound font exists', 'Choose another name.'),
  'instrument-exists': kind(
    409,
    'Instrument exists',
    'Choose another name; of several SFZ files, rename the one named.',
  ),
  'sound-not-removable': kind(
    409,
    'Sound cannot be removed',
    'What the server itself brings or needs is changed by its operator.',
  ),
  'uploads-off': kind(403, 'Uploads are off', 'Set SOUNDFONT_DIR, or SAMPLES_DIR for samples, on the server.'),
  'idempotency-key-in-use': kind(
    409,
    'Idempotency key in use',
    'The first request with this key is still being answered; repeat yours later.',
  ),
  'render-gone': kind(410, 'Render expired', 'Submit the score again.'),
  'precondition-failed': kind(412, 'Precondition failed', 'Fetch the resource again: it is not the one you know.'),
  'body-too-large': kind(413, 'Body too large', 'Send less; /v1/limits has the limit.'),
  'score-too-large': kind(413, 'Score too large', 'Split the score; /v1/limits has the limits.'),
  'score-too-long': kind(413, 'Score too long', 'Check tempo and times, or split the score; /v1/limits has the limit.'),
  'output-too-large': kind(413, 'Audio too large', 'Ask for a smaller format or a range; /v1/limits has the limit.'),
  'uri-too-long': kind(414, 'URL too long', 'Send options in a JSON body rather than in the query.'),
  'score-format-unknown': kind(415, 'Unknown score format', 'Send a MusiStrata song, MIDI, MusicXML or Guitar Pro.'),
  'encoding-unsupported': kind(
    415,
    'Unsupported content encoding',
    'Use gzip, deflate or br, or send the body as it is.',
  ),
  'range-not-satisfiable': kind(
    416,
    'Range not satisfiable',
    'Ask for bytes within the length named in Content-Range.',
  ),
  'score-invalid': kind(422, 'Score cannot be rendered', 'Correct the places listed in errors.'),
  'score-too-complex': kind(
    422,
    'Score too complex',
    'Reading it took more time or memory than allowed; simplify or split it.',
  ),
  'options-invalid': kind(
    422,
    'Invalid options',
    'Correct the options listed in errors; /openapi.json describes them.',
  ),
  'request-invalid': kind(
    422,
    'Invalid request',
    'Correct the members listed in errors; /openapi.json describes them.',
  ),
  'unknown-instrument': kind(
    422,
    'Unknown instrument',
    'Use one of the names suggested, one of /v1/instruments, or the option onMissing=substitute.',
  ),
  'unknown-sound-font': kind(
    422,
    'Unknown sound font',
    'Use one of the names suggested, one of /v1/soundfonts, or the option onMissing=substitute.',
  ),
  'unknown-part': kind(422, 'Unknown part', 'Name a part that the score has: by index, name or channel.'),
  'part-set-twice': kind(422, 'Part set twice', 'Say everything about a part in one entry of parts.'),
  'soundfont-unreadable': kind(422, 'Unreadable sound font', 'Upload a whole .sf2, .sf3 or .dls file.'),
  'samples-unreadable': kind(
    422,
    'Unreadable samples',
    'Upload a plain ZIP of a sample folder whose instrument.json, SFZ and WAV files are whole.',
  ),
  'idempotency-key-reused': kind(422, 'Idempotency key reused', 'Use a new key for a new body.'),
  'rate-limited': kind(429, 'Too many requests', 'Wait for Retry-After.'),
  'too-many-renders': kind(429, 'Too many unfinished renders', 'Wait until some of yours have finished.'),
  'queue-full': kind(429, 'Queue full', 'Wait for Retry-After.'),
  'headers-too-large': kind(431, 'Headers too large', 'Send fewer or shorter headers.'),
  'internal-error': kind(500, 'Internal error', 'Report it with the request id; it is a fault of the service.'),
  'not-implemented': kind(501, 'Method not implemented', 'Use a method that the service knows.'),
  'queue-unavailable': kind(503, 'Queue unavailable', 'Wait for Retry-After; the service has lost its Redis.'),
  'storage-unavailable': kind(503, 'Storage unavailable', 'Wait for Retry-After; the service cannot reach its files.'),
  'shutting-down': kind(503, 'Shutting down', 'Repeat the request: another process will take it.'),
  'reader-busy': kind(503, 'Too many scores to read', 'Wait for Retry-After.'),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;
