import { button, h } from './dom.js';

export interface Column<Row> {
  readonly title: string;
  readonly show: (row: Row) => string | Node;
  /** What it is sorted by; a column without it is not. */
  readonly by?: (row: Row) => number | string | null;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** The one that names the row. */
  readonly isName?: boolean;
}

export interface Table<Row> {
  readonly element: HTMLElement;
  update(rows: readonly Row[]): void;
}

/** As its rows come, until somebody sorts it. */
export function table<Row>(caption: string, empty: string, columns: readonly Column<Row>[]): Table<Row> {
  const body = h('tbody');
  const none = h('p', { class: 'empty' }, empty);
  let sorted: { readonly column: Column<Row>; isDescending: boolean } | undefined;
  let latest: readonly Row[] = [];
  const heads = columns.map((column) => {
    const sort = (): void => {
      sorted = { column, isDescending: sorted?.column === column ? !sorted.isDescending : column.isNumber === true };
      render();
    };
    const title = column.by === undefined ? column.title : button(column.title, sort);
    return h('th', { scope: 'col', class: column.isNumber === true ? 'number' : '' }, title);
  });
  const grid = h('table', {}, h('caption', {}, caption), h('thead', {}, h('tr', {}, ...heads)), body);

  function render(): void {
    for (const [index, column] of columns.entries()) {
      const isSorted = sorted?.column === column;
      if (isSorted) heads[index]?.setAttribute('aria-sort', sorted?.isDescending === true ? 'descending' : 'ascending');
      else heads[index]?.removeAttribute('aria-sort');
    }
    body.replaceChildren(...inOrder(latest, sorted).map((row) => rowOf(row, columns)));
    none.hidden = latest.length > 0;
    grid.hidden = latest.length === 0;
  }

  render();
  return {
    element: h('div', { class: 'table' }, grid, none),
    update(rows) {
      latest = rows;
      render();
    },
  };
}

function rowOf<Row>(row: Row, columns: readonly Column<Row>[]): HTMLElement {
  const cells = columns.map(({ title, show, isNumber, isName }) => {
    const attributes = { 'data-title': title, class: isNumber === true ? 'number' : '' };
    return isName === true ? h('th', { scope: 'row', ...attributes }, show(row)) : h('td', attributes, show(row));
  });
  return h('tr', {}, ...cells);
}

interface Order<Row> {
  readonly column: Column<Row>;
  readonly isDescending: boolean;
}

function inOrder<Row>(rows: readonly Row[], order: Order<Row> | undefined): readonly Row[] {
  const by = order?.column.by;
  if (by === undefined) return rows;
  const sign = order?.isDescending === true ? -1 : 1;
  return rows.toSorted((one, other) => sign * compared(by(one), by(other)));
}

function compared(one: number | string | null, other: number | string | null): number {
  if (typeof one === 'string' && typeof other === 'string') return one.localeCompare(other);
  return Number(one ?? -Infinity) - Number(other ?? -Infinity) || 0;
}
