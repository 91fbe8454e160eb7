import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The real path of a file that an instrument names relative to `from`, or null when it is missing or leaves the folder, be it by "..",
 * as an absolute path or through a symbolic link. Backslashes count as slashes.
 */
export async function confinedPath(folder: string, name: string, from = folder): Promise<string | null> {
  const wanted = name.replaceAll('\\', '/');
  if (wanted.includes('\0') || isAbsolute(wanted)) return null;
  try {
    const root = await realpath(folder);
    const path = await realpath(resolve(from === folder ? root : await realpath(from), wanted));
    const inside = relative(root, path);
    return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : path;
  } catch {
    return null;
  }
}
