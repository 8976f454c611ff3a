/** Text of a drawn cell as one reads it: signs by their name, decoration not at all, parts with a space between. */
export function cellText(cell: Node): string {
  const parts: string[] = [];
  const walk = (node: Node) => {
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.textContent ?? '');
    else if (node instanceof Element) {
      if (node.getAttribute('aria-hidden') === 'true') return;
      if (node.getAttribute('role') === 'img') parts.push(node.getAttribute('aria-label') ?? '');
      else node.childNodes.forEach(walk);
      parts.push(' ');
    }
  };
  cell.childNodes.forEach(walk);
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** One value for a CSV file; what a spreadsheet would take for a formula stays a text. */
function value(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?[\d.,]+$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lines of a CSV file that Excel opens as UTF-8. */
export function csv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(value).join(',')).join('\r\n')}\r\n`;
}

/** Hands a text to the person as a CSV file. */
export function save(name: string, text: string): void {
  saveBlob(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));
}

/** Hands a file to the browser's downloads. */
export function saveBlob(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
