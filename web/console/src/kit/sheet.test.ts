// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { cellText, csv } from './sheet';

it('reads a cell as a person does', () => {
  const cell = document.createElement('td');
  cell.innerHTML = '<span class="row"><span role="img" aria-label="A 级">A</span><span aria-hidden="true">张</span><span class="cell2"><b>苏福便利</b><span>中山路 88 号</span></span></span>';
  expect(cellText(cell)).toBe('A 级 苏福便利 中山路 88 号');
});

it('writes what a spreadsheet reads back, and no formulas', () => {
  expect(csv([['名称', '备注'], ['甲,乙', '他说 "好"'], ['=1+1', '-3.5'], ['-cmd', '']])).toBe(
    '\uFEFF名称,备注\r\n"甲,乙","他说 ""好"""\r\n\'=1+1,-3.5\r\n\'-cmd,\r\n',
  );
});
