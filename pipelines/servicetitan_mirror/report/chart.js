// Charts as SVG: bars that stand on each other, and lines, over months. All are drawn as wide as where they stand.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 230;
const ROOM = { top: 10, right: 14, bottom: 24, left: 58 };

function shape(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function ticks(least, most) {
  if (most <= least) most = least + 1;
  const rough = (most - least) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const first = Math.floor(least / step), last = Math.ceil(most / step);
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step);
}

function frame(place, months, least, most, format, called) {
  const width = Math.max(place.clientWidth, 280), marks = ticks(least, most);
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const inner = width - ROOM.left - ROOM.right, apart = inner / months.length;
  const y = (value) => ROOM.top + (HEIGHT - ROOM.top - ROOM.bottom) * (1 - (value - low) / (high - low));
  const x = (index) => ROOM.left + apart * index;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": called });
  for (const mark of marks) {
    const line = { x1: ROOM.left, x2: width - ROOM.right, y1: y(mark), y2: y(mark), class: mark ? "grid" : "zero" };
    svg.append(shape("line", line), shape("text", { x: ROOM.left - 8, y: y(mark) + 4, class: "axis end" }, format(mark)));
  }
  const every = Math.ceil(months.length / Math.max(Math.floor(inner / 54), 1));
  months.forEach((month, index) => {
    if ((months.length - 1 - index) % every) return;
    svg.append(shape("text", { x: x(index) + apart / 2, y: HEIGHT - 6, class: "axis middle" }, shortMonth(month)));
  });
  place.replaceChildren(svg);
  return { svg, x, y, apart };
}

// `series`: [{ name, look, values }], a value for each month; values below zero stand below the axis. `side` puts them
// side by side instead. The month that is not over is paler.
function bars(place, months, series, { format, called, open, side = false }) {
  const sums = (sign) => months.map((_, index) => {
    const there = series.map((each) => each.values[index] || 0).filter((value) => Math.sign(value) === sign);
    return side ? sign * Math.max(0, ...there.map(Math.abs)) : there.reduce((sum, value) => sum + value, 0);
  });
  const plan = frame(place, months, Math.min(0, ...sums(-1)), Math.max(0, ...sums(1)), format, called);
  const wide = plan.apart * (side ? 0.8 : 0.66), each = side ? wide / series.length : wide;
  months.forEach((month, index) => {
    const from = { 1: 0, "-1": 0 }, left = plan.x(index) + (plan.apart - wide) / 2;
    series.forEach(({ name, look, values }, number) => {
      const value = values[index] || 0, sign = Math.sign(value);
      if (!sign) return;
      const start = side ? 0 : from[sign], end = start + value;
      from[sign] = end;
      const [top, bottom] = [plan.y(Math.max(start, end)), plan.y(Math.min(start, end))];
      const box = { x: left + (side ? number * each : 0), y: top, width: Math.max(each - (side ? 1 : 0), 1), height: Math.max(bottom - top, 0.5) };
      const said = shape("title", {}, `${longMonth(month)}, ${name}: ${format(value)}`);
      plan.svg.append(shape("rect", { ...box, class: `${look}${month === open ? " open" : ""}` }, said));
    });
  });
}

// `values` with null where there is none: the line has a gap there.
function line(place, months, { name, look, values }, { format, called, open, most = 0 }) {
  const there = values.filter((value) => value !== null);
  const plan = frame(place, months, 0, Math.max(most, ...there), format, called);
  const at = (index) => plan.x(index) + plan.apart / 2;
  let path = "";
  values.forEach((value, index) => {
    if (value === null) return;
    path += `${index && values[index - 1] !== null ? "L" : "M"}${at(index)} ${plan.y(value)}`;
  });
  plan.svg.append(shape("path", { d: path, class: `line ${look}` }));
  values.forEach((value, index) => {
    if (value === null) return;
    const said = shape("title", {}, `${longMonth(months[index])}, ${name}: ${format(value)}`);
    plan.svg.append(shape("circle", { cx: at(index), cy: plan.y(value), r: 4, class: `dot ${look}${months[index] === open ? " open" : ""}` }, said));
  });
}

const NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const shortMonth = (month) => `${NAMES[month.slice(5) - 1]} ${month.slice(2, 4)}`;
const longMonth = (month) => `${NAMES[month.slice(5) - 1]} ${month.slice(0, 4)}`;
