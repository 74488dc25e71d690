// <vitrine-dataframe [editable]>: a table of any length, of which only the rows in sight are drawn. `value` is JSON text
// or an object `{headers, data}`. Click a header to sort, move with the arrow keys, copy a cell; where `editable`, type
// into cells and paste from a spreadsheet.
//
// Events: `edit` with the whole table after each change, `select` with `{row, column, header, value}`.
import { compare, numeral, paste, shown, typed, widths } from "./lib/cells.js";
import { texts } from "./lib/texts.js";
import { ValueElement } from "./lib/value-element.js";

// Rows drawn above and below those in sight, so that scrolling shows no gap.
const OVERSCAN = 8;

class Dataframe extends ValueElement {
  #headers = [];
  #data = [];
  // Positions in `#data` in the order shown.
  #order = [];
  #sort = { column: -1, descending: false };
  #active = { row: 0, column: 0 };
  #first = -1;
  #parts;
  #resized = new ResizeObserver(() => this.#render(true));

  disconnectedCallback() {
    this.#resized.disconnect();
  }

  draw(value) {
    const table = typeof value === "string" ? JSON.parse(value) : value;
    // What this element itself has told comes back from the page; drawing it anew would lose the visitor's place.
    if (this.#parts && this.#editable && JSON.stringify(table) === this.#whole()) return;
    this.#headers = table.headers.map(String);
    this.#data = table.data;
    this.#sort = { column: -1, descending: false };
    this.#active = { row: 0, column: 0 };
    this.#build();
    this.#arrange();
  }

  get #editable() {
    return this.hasAttribute("editable");
  }

  #build() {
    const table = document.createElement("table");
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", this.getAttribute("label") ?? texts.table);
    const columns = document.createElement("colgroup");
    for (const width of widths(this.#headers, this.#data)) {
      const column = document.createElement("col");
      column.style.width = `${width}ch`;
      columns.append(column);
    }
    const head = document.createElement("thead");
    const titles = head.insertRow();
    titles.setAttribute("aria-rowindex", "1");
    this.#headers.forEach((header, column) => titles.append(this.#heading(header, column)));
    const body = document.createElement("tbody");
    table.append(columns, head, body);
    const scroll = document.createElement("div");
    scroll.className = "dataframe-scroll";
    scroll.append(table);
    const count = document.createElement("p");
    count.className = "muted dataframe-count";
    this.#parts = { table, head, body, scroll, count };
    this.#first = -1;
    scroll.addEventListener("scroll", () => this.#render(), { passive: true });
    body.addEventListener("click", (event) => this.#clicked(event));
    body.addEventListener("dblclick", () => this.#edit());
    table.addEventListener("keydown", (event) => this.#pressed(event));
    table.addEventListener("copy", (event) => this.#copied(event));
    table.addEventListener("paste", (event) => this.#pasted(event));
    const foot = document.createElement("div");
    foot.className = "dataframe-foot";
    foot.append(count);
    if (this.#editable) foot.append(button(texts.addRow, () => this.#addRow()), button(texts.removeRow, () => this.#removeRow()));
    this.replaceChildren(scroll, foot);
    this.#resized.disconnect();
    this.#resized.observe(scroll);
  }

  #heading(header, column) {
    const cell = document.createElement("th");
    cell.scope = "col";
    if (numeral(this.#data, column)) cell.className = "numeral";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = header;
    button.addEventListener("click", () => this.#sortBy(column));
    cell.append(button);
    return cell;
  }

  #sortBy(column) {
    const { column: before, descending } = this.#sort;
    // Up, down, and then as it came.
    if (before !== column) this.#sort = { column, descending: false };
    else if (!descending) this.#sort = { column, descending: true };
    else this.#sort = { column: -1, descending: false };
    this.#arrange();
  }

  #arrange() {
    const { column, descending } = this.#sort;
    this.#order = Array.from(this.#data, (_, row) => row);
    if (column >= 0) {
      const sign = descending ? -1 : 1;
      this.#order.sort((a, b) => compare(this.#data[a][column], this.#data[b][column], sign) || a - b);
    }
    [...this.#parts.head.rows[0].cells].forEach((cell, index) => {
      const state = index !== column ? "none" : descending ? "descending" : "ascending";
      cell.setAttribute("aria-sort", state);
    });
    const { table, count } = this.#parts;
    table.setAttribute("aria-rowcount", String(this.#data.length + 1));
    table.setAttribute("aria-colcount", String(this.#headers.length));
    const n = this.#data.length;
    count.textContent = texts.tableSize(n, this.#headers.length);
    this.#render(true);
  }

  // Draws the rows in sight; with `anew` even where they are the same ones.
  #render(anew = false) {
    const { body, scroll } = this.#parts;
    const height = this.#rowHeight();
    const n = this.#order.length;
    const inSight = Math.ceil((scroll.clientHeight || height * 12) / height);
    const first = Math.max(0, Math.min(Math.floor(scroll.scrollTop / height) - OVERSCAN, n - 1));
    const last = Math.min(n, first + inSight + 2 * OVERSCAN);
    if (!anew && first === this.#first) return;
    this.#first = first;
    const hadFocus = body.contains(document.activeElement);
    const rows = [];
    if (first > 0) rows.push(spacer(first * height, this.#headers.length));
    for (let position = first; position < last; position += 1) rows.push(this.#row(position));
    if (last < n) rows.push(spacer((n - last) * height, this.#headers.length));
    body.replaceChildren(...rows);
    if (hadFocus) this.#cellAt(this.#active)?.focus({ preventScroll: true });
  }

  #row(position) {
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", String(position + 2));
    const values = this.#data[this.#order[position]];
    this.#headers.forEach((_, column) => {
      const cell = row.insertCell();
      const value = values[column];
      cell.setAttribute("role", "gridcell");
      cell.textContent = shown(value);
      if (typeof value === "number") cell.className = "numeral";
      cell.title = value === null || value === undefined ? "" : String(value);
      const isActive = position === this.#active.row && column === this.#active.column;
      cell.tabIndex = isActive ? 0 : -1;
      cell.dataset.at = `${position} ${column}`;
    });
    return row;
  }

  #rowHeight() {
    return parseFloat(getComputedStyle(this).getPropertyValue("--row-px")) || 32;
  }

  #cellAt({ row, column }) {
    return this.#parts.body.querySelector(`[data-at="${row} ${column}"]`);
  }

  #move(row, column) {
    const bounded = (value, n) => Math.max(0, Math.min(value, n - 1));
    this.#active = { row: bounded(row, this.#order.length), column: bounded(column, this.#headers.length) };
    const { scroll, head } = this.#parts;
    const height = this.#rowHeight();
    const top = this.#active.row * height;
    const room = scroll.clientHeight - head.offsetHeight - height;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top > scroll.scrollTop + room) scroll.scrollTop = top - room;
    this.#render(true);
    const cell = this.#cellAt(this.#active);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #clicked({ target }) {
    const at = target.closest("td")?.dataset.at?.split(" ").map(Number);
    if (!at || target.closest("input")) return;
    this.#move(at[0], at[1]);
    const row = this.#order[at[0]];
    const detail = { row, column: at[1], header: this.#headers[at[1]], value: this.#data[row][at[1]] ?? null };
    this.dispatchEvent(new CustomEvent("select", { detail, bubbles: true }));
  }

  #pressed(event) {
    if (event.target.localName !== "td") return;
    const { row, column } = this.#active;
    const page = Math.floor(this.#parts.scroll.clientHeight / this.#rowHeight()) - 1;
    const moves = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], PageUp: [row - page, column], PageDown: [row + page, column],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? this.#order.length - 1 : row, this.#headers.length - 1],
    };
    if (moves[event.key]) {
      event.preventDefault();
      this.#move(...moves[event.key]);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      if (this.#editable) this.#edit();
      else event.target.click();
    } else if (this.#editable && (event.key === "Delete" || event.key === "Backspace")) {
      this.#set(row, column, null);
    } else if (this.#editable && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.#edit(event.key);
    }
  }

  // Puts a field into the active cell; it begins with `text`, or with what the cell holds.
  #edit(text) {
    const cell = this.#cellAt(this.#active);
    if (!this.#editable || !cell || cell.querySelector("input")) return;
    const { row, column } = this.#active;
    const value = this.#data[this.#order[row]][column];
    const field = document.createElement("input");
    field.className = "cell";
    field.value = text ?? (value === null || value === undefined ? "" : String(value));
    field.setAttribute("aria-label", texts.cell(this.#headers[column], row + 1));
    let open = true;
    const close = (keep) => {
      if (!open) return;
      open = false;
      if (keep) this.#set(row, column, typed(field.value));
      else this.#render(true);
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      if (!["Enter", "Tab", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      close(event.key !== "Escape");
      const [down, right] = event.key === "Enter" ? [1, 0] : event.key === "Tab" ? [0, event.shiftKey ? -1 : 1] : [0, 0];
      this.#move(row + down, column + right);
    });
    cell.replaceChildren(field);
    field.focus();
    if (text === undefined) field.select();
  }

  #set(row, column, value) {
    const at = this.#order[row];
    this.#data = this.#data.with(at, this.#data[at].with(column, value));
    this.#render(true);
    this.#tell();
  }

  #copied(event) {
    if (event.target.localName !== "td") return;
    const { row, column } = this.#active;
    event.clipboardData.setData("text/plain", String(this.#data[this.#order[row]][column] ?? ""));
    event.preventDefault();
  }

  #pasted(event) {
    if (!this.#editable || event.target.localName !== "td") return;
    event.preventDefault();
    const cells = paste(event.clipboardData.getData("text/plain"));
    // Rows fall where they are seen; those beyond the end are new.
    const data = [...this.#data];
    cells.forEach((values, down) => {
      const at = this.#order[this.#active.row + down] ?? data.push(this.#headers.map(() => null)) - 1;
      data[at] = [...data[at]];
      values.slice(0, this.#headers.length - this.#active.column)
        .forEach((value, right) => { data[at][this.#active.column + right] = value; });
    });
    this.#data = data;
    this.#arrange();
    this.#tell();
  }

  #addRow() {
    this.#data = [...this.#data, this.#headers.map(() => null)];
    this.#arrange();
    this.#move(this.#order.length - 1, 0);
    this.#tell();
  }

  #removeRow() {
    const at = this.#order[this.#active.row];
    if (at === undefined) return;
    this.#data = this.#data.toSpliced(at, 1);
    this.#active.row = Math.max(0, Math.min(this.#active.row, this.#data.length - 1));
    this.#arrange();
    this.#tell();
  }

  #whole() {
    return JSON.stringify({ headers: this.#headers, data: this.#data });
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("edit", { detail: this.#whole(), bubbles: true }));
  }
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function spacer(height, span) {
  const row = document.createElement("tr");
  row.setAttribute("aria-hidden", "true");
  const cell = row.insertCell();
  cell.colSpan = span;
  cell.style.height = `${height}px`;
  cell.className = "spacer";
  return row;
}

customElements.define("vitrine-dataframe", Dataframe);
