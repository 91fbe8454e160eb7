import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { OpenApiDocument } from '../openapi/openapi-document.js';
import { docsBody } from './docs-body.js';
import { errorsBody } from './errors-body.js';
import { makePage, type Page } from './send-page.js';

export interface Script {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** The pages for people, made once at start: what a request names is looked up here, never in a folder. */
export interface Pages {
  readonly home: Page;
  readonly docs: Page;
  readonly errors: Page;
  readonly scripts: ReadonlyMap<string, Script>;
}

const scriptNames = ['home.js', 'http.js', 'elements.js', 'waveform.js', 'score-form.js', 'render-view.js'];
const source = (name: string) => readFile(new URL(`../../web/${name}`, import.meta.url));

/** @param mediaOrigin where audio comes from beside this server */
export async function makePages(document: OpenApiDocument, mediaOrigin: string | null): Promise<Pages> {
  const [style, homeStyle, home] = await Promise.all(['common.css', 'home.css', 'home.html'].map(source));
  const scripts = await Promise.all(
    scriptNames.map(async (name): Promise<[string, Script]> => {
      const bytes = await source(name);
      return [name, { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"` }];
    }),
  );
  return {
    home: makePage({
      title: 'Musistrata Render',
      style: `${style}${homeStyle}`,
      body: String(home),
      script: '/assets/home.js',
      mediaOrigin,
    }),
    docs: makePage({ title: 'Musistrata Render: interface', style: String(style), body: docsBody(document) }),
    errors: makePage({ title: 'Musistrata Render: errors', style: String(style), body: errorsBody() }),
    scripts: new Map(scripts),
  };
}
