type Child = Node | string | null | undefined;

type Attribute = string | boolean | ((event: Event) => void);

export type Attributes = Readonly<Record<string, Attribute | undefined>>;

/** An element. Whatever comes as text stays text: nothing here reads markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children.filter(isThere));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  set(element, attributes);
  element.append(...children.filter(isThere));
  return element;
}

/** A button does nothing but what it says. */
export function button(text: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return h('button', { type: 'button', click: onClick, ...attributes }, text);
}

/** A form whose answer the page gives itself. */
export function form(onSubmit: () => void, attributes: Attributes, ...children: readonly Child[]): HTMLFormElement {
  const submit = (event: Event): void => {
    event.preventDefault();
    onSubmit();
  };
  return h('form', { submit, ...attributes }, ...children);
}

/** Writes only what differs, so that a screen reader is not told the same twice. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (typeof value === 'string') element.setAttribute(name, value);
    else if (value === true) element.setAttribute(name, '');
  }
}

function isThere(child: Child): child is Node | string {
  return child !== null && child !== undefined;
}
