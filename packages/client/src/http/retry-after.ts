/** Seconds named by a Retry-After field (RFC 9110 section 10.2.3: a number, or a date), or null when there is none that can be read. */
export function retryAfterSeconds(field: string | null, nowMilliseconds: number): number | null {
  if (field === null) return null;
  const text = field.trim();
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, (date - nowMilliseconds) / 1000);
}
