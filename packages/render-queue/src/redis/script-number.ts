/** A number as scripts return it: in decimal, empty for none. */
export const scriptNumber = (text: string | null | undefined): number | null => (text ? Number(text) : null);
