/** A table as it goes on paper: its name, what it was filtered by, who printed it and when, then the rows. */
export interface PrintedTable {
  title: string;
  /** Lines above the table: name and words. */
  facts: readonly (readonly string[])[];
  head: readonly string[];
  rows: readonly (readonly string[])[];
  lang: string;
}

const STYLE = `
  @page { margin: 14mm }
  body { font: 10pt/1.4 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; color: #000; margin: 0 }
  h1 { font-size: 14pt; margin: 0 0 4pt }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 1pt 8pt; margin: 0 0 10pt; font-size: 9pt }
  dt { color: #555 } dd { margin: 0; overflow-wrap: anywhere }
  table { border-collapse: collapse; width: 100%; font-size: 9pt }
  thead { display: table-header-group } tr { break-inside: avoid }
  th, td { border-bottom: .5pt solid #999; padding: 2.5pt 5pt; text-align: left; vertical-align: top }
  th { border-bottom: 1pt solid #000 }
`;

/** The page that is printed; text only, nothing in it is taken for markup. */
export function printedPage(page: Document, table: PrintedTable): void {
  page.documentElement.lang = table.lang;
  page.title = table.title;
  const add = (parent: Element, name: string, text?: string) => {
    const element = parent.appendChild(page.createElement(name));
    if (text !== undefined) element.textContent = text;
    return element;
  };
  // A sheet made by script: the page's policy allows no style written into the markup.
  const sheet = new (page.defaultView ?? window).CSSStyleSheet();
  sheet.replaceSync(STYLE);
  page.adoptedStyleSheets = [sheet];
  add(page.body, 'h1', table.title);
  const facts = add(page.body, 'dl');
  for (const [name = '', ...words] of table.facts) {
    add(facts, 'dt', name);
    add(facts, 'dd', words.join(' · '));
  }
  const grid = add(page.body, 'table');
  const head = add(add(grid, 'thead'), 'tr');
  for (const cell of table.head) add(head, 'th', cell);
  const body = add(grid, 'tbody');
  for (const row of table.rows) {
    const line = add(body, 'tr');
    for (const cell of row) add(line, 'td', cell);
  }
}

/** Opens the browser's print dialog for a table, on a page of its own behind this one. */
export function printTable(table: PrintedTable): void {
  const frame = document.createElement('iframe');
  frame.setAttribute('aria-hidden', 'true');
  frame.style.cssText = 'position:fixed;inset:auto 0 0 auto;width:0;height:0;border:0';
  document.body.append(frame);
  const view = frame.contentWindow;
  if (!view) return frame.remove();
  printedPage(view.document, table);
  view.addEventListener('afterprint', () => frame.remove());
  view.focus();
  view.print();
}
