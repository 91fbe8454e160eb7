import { makeKey, type Scope, scopes } from './auth/api-keys.js';

/** Makes an API key: `node apps/api/dist/make-key.js NAME SCOPE,SCOPE`. */
const [name = '', list = 'submit,read'] = process.argv.slice(2);
const wanted = list.split(',');
const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);

if (!/^[\w.-]{1,64}$/.test(name) || !wanted.every(isScope)) {
  console.error(`Usage: node apps/api/dist/make-key.js NAME SCOPE,SCOPE   (scopes: ${scopes.join(', ')})`);
  process.exitCode = 2;
} else {
  const { key, line } = makeKey(name, wanted);
  console.log(`The key, for its holder; it is shown only now:\n\n  ${key}\n\nThe line for API_KEYS_FILE:\n\n  ${line}`);
}
