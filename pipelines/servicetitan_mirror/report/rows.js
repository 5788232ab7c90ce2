const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const ALL = "", LOOKS = 7, LONGEST = 15;

const cents = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", notation: "compact" });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const FORMATS = {
  text: (value) => value,
  month: longMonth,
  count: (value) => whole.format(value),
  money: (value) => cents.format(value),
  percent: (value) => (value === null ? "–" : `${(100 * value).toFixed(1)} %`),
  days: (value) => (value === null ? "–" : value.toFixed(1)),
  times: (value) => (value === null ? "–" : `${value.toFixed(2)} ×`),
  perUnit: (value) => (value === null ? "–" : cents.format(value)),
};

const ratio = (part, of) => (of ? part / of : null);
const sum = (rows, column) => Math.round(rows.reduce((all, row) => all + (row[column] || 0), 0) * 1e4) / 1e4;
const choice = () => ({ tenant: at("tenant").value, unit: at("unit").value, from: at("from").value, to: at("to").value });

// The rows of a query as objects, of the chosen tenant; `in time` of the chosen months; of the chosen business unit.
function rowsOf(name, { tenant, unit, from, to }) {
  const answer = data.answers[name];
  const rows = ((answer && answer.rows[tenant]) || []).map((values) => Object.fromEntries(values.map((value, place) => [answer.columns[place], value])));
  return rows.filter((row) => (!("month" in row) || (row.month >= from && row.month <= to)) && (unit === ALL || !("business_unit" in row) || row.business_unit === unit));
}

function grouped(rows, column) {
  const groups = new Map();
  for (const row of rows) groups.set(row[column], [...(groups.get(row[column]) || []), row]);
  return groups;
}

function monthsBetween(from, to) {
  const months = [];
  for (let [year, month] = from.split("-").map(Number); ; month === 12 ? (year++, month = 1) : month++) {
    const here = `${year}-${String(month).padStart(2, "0")}`;
    if (here > to || months.length > 600) return months;
    months.push(here);
  }
}

// The business units by what they brought in all, so that each keeps its colour whatever is chosen.
function looksOf(tenant) {
  const all = grouped(rowsOf("business", { tenant, unit: ALL, from: "0", to: "9" }), "business_unit");
  const ranked = [...all].sort((a, b) => sum(b[1], "revenue") - sum(a[1], "revenue")).map(([unit]) => unit);
  return new Map(ranked.map((unit, place) => [unit, `c${Math.min(place + 1, LOOKS + 1)}`]));
}

function make(name, text, attributes = {}) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// A table of figures. `columns`: [[heading, format]], the first of which names the row; `rows`: their values.
function table(place, columns, rows, none = "Nothing in the chosen months.") {
  if (!rows.length) return place.replaceChildren(make("p", none, { class: "soft" }));
  const made = make("table"), head = made.createTHead().insertRow(), body = made.createTBody();
  const look = ([, format]) => ({ class: format === "text" || format === "month" ? "text" : "figure" });
  for (const column of columns) head.append(make("th", column[0], { scope: "col", ...look(column) }));
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((value, number) => {
      const text = value === undefined ? "" : FORMATS[columns[number][1]](value);
      line.append(number ? make("td", text, look(columns[number])) : make("th", text, { scope: "row" }));
    });
  }
  place.replaceChildren(made);
}

function legend(place, series) {
  place.replaceChildren(...series.map(({ name, look }) => {
    const item = make("li"), box = shape("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, shape("rect", { width: 12, height: 12, class: look }));
    item.append(box, name);
    return item;
  }));
}

// The greatest rows of a group, each with its columns; what is left is one row.
function ranked(rows, column, by, line) {
  const groups = [...grouped(rows, column)].sort((a, b) => sum(b[1], by) - sum(a[1], by));
  const rest = groups.slice(LONGEST).flatMap(([, each]) => each);
  const lines = groups.slice(0, LONGEST).map(([name, each]) => [name ?? "Unknown", ...line(each)]);
  return rest.length ? [...lines, [`${groups.length - LONGEST} others`, ...line(rest)]] : lines;
}
