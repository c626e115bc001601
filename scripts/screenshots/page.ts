const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** The original text of what {@link escapeHtml} returned. */
export function unescapeHtml(html: string): string {
  const characters = new Map(Object.entries(entities).map(([character, entity]) => [entity, character]));
  return html.replace(/&\w+;/g, (entity) => characters.get(entity) ?? entity);
}

/** In pixels. The Marketplace requires at least 1366 by 768. */
export const pictureSize = { width: 1366, height: 1060 };

/** The width of a picture in the Marketplace in a window of 1280 pixels, and the smallest text that is legible then. */
export const shownWidth = 824;
export const legibleText = 13;

/** Its own opaque background makes a picture legible on a light page and on a dark page. */
const common = `
  * { box-sizing: border-box; margin: 0; }
  body { width: ${pictureSize.width}px; height: ${pictureSize.height}px; overflow: hidden;
    font: 22px/1.4 "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif; background: #fff; color: #1b1a19; }
  code, pre { font-family: "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", monospace; }
`;

/** A page of exactly the picture's size. */
export function composePage(style: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><style>${common}${style}</style><body>${body}</body>`;
}
