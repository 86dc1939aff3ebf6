'use strict';

/*
 * Draws the charts of a lot4j report and shows newer versions of its document.
 *
 * The page's document (script#lot-document, or what lotReport.show is given) has sections of
 * blocks; HtmlPage.java writes the same blocks as markup, so this script first takes over the
 * elements that are there. Texts come from files of others: they become text nodes, chart texts and
 * CSV fields, never markup. The only library is Apache ECharts.
 */
const lotReport = (() => {
  const root = document.documentElement;
  const TOGETHER = ['curves', 'reliability']; // kinds of figures whose lines the reader can hide
  const INVISIBLE = '\u200b';
  const reader = {axis: null, hidden: new Map()}; // what the reader has chosen
  let sections = []; // what is on the page: {json, element, blocks: [{json, element}], figures}
  let waiting = []; // figures still to be drawn
  let timer = 0;

  // The page's policy forbids style attributes, by which the library sets fonts. The same through
  // the object model is allowed.
  SVGElement.prototype.setAttribute = function (name, value) {
    if (name === 'style') {
      this.style.cssText = value;
    } else {
      Element.prototype.setAttribute.call(this, name, value);
    }
  };

  // ---- elements --------------------------------------------------------------------------------

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function table(style, head, rows, marked) {
    const body = rows.map((row, i) =>
        make('tr', marked.includes(i) ? {class: 'lot'} : {},
            make('th', {scope: 'row'}, row[0]), ...row.slice(1).map(cell => make('td', {}, cell))));
    return make('div', {class: 'scroll'},
        make('table', {class: style},
            make('thead', {}, make('tr', {}, ...head.map(h => make('th', {scope: 'col'}, h)))),
            make('tbody', {}, ...body)));
  }

  function build(block) {
    switch (block.type) {
      case 'heading': return make('h' + block.level, {}, block.text);
      case 'paragraph': return make('p', {class: block.style}, block.text);
      case 'answer':
        return make('div', {class: 'answer ' + block.tone},
            make('b', {}, block.head), make('span', {}, block.text));
      case 'table': return table(block.style, block.rows[0], block.rows.slice(1), block.marked);
      case 'fold':
        return make('details', {}, make('summary', {}, block.summary), ...block.blocks.map(build));
      case 'code': return make('pre', {}, block.text);
      default: return buildFigure(block);
    }
  }

  function buildFigure(figure) {
    return make('figure', {class: figure.style},
        ...(figure.title ? [make('h3', {}, figure.title)] : []),
        make('div', {class: 'plot'}, make('p', {}, figure.alt)),
        make('figcaption', {}, figure.caption),
        make('details', {class: 'data'}, make('summary', {}, 'Data')));
  }

  // ---- the document ----------------------------------------------------------------------------

  /**
   * A text that the library can take for a key: it keeps what it has measured in plain objects, and
   * "__proto__" or "constructor" would reach the prototype of all objects. An invisible character
   * makes them other texts.
   */
  function inert(text) {
    return text in Object.prototype ? text + INVISIBLE : text;
  }

  /** Shows a document; of a newer one only what has changed is made anew. */
  function show(document_) {
    const next = JSON.parse(JSON.stringify(document_),
        (key, value) => typeof value === 'string' ? inert(value) : value);
    const main = document.querySelector('main');
    const present = [...main.children].filter(child => child.tagName === 'SECTION');
    const fresh = sections.length === 0 && present.length === next.sections.length;
    if (fresh) {
      sections = next.sections.map((json, i) => adopt(json, present[i]));
    } else if (sections.length === next.sections.length) {
      next.sections.forEach((json, i) => {
        if (JSON.stringify(json) !== JSON.stringify(sections[i].json)) {
          update(i, json);
        }
      });
    } else {
      sections.forEach(section => section.figures.forEach(dispose));
      sections = next.sections.map(json => adopt(json, buildSection(json)));
      present.forEach(element => element.remove());
      main.prepend(...sections.map(section => section.element));
    }
    document.title = next.title;
    sections.forEach((section, i) => section.toolbar || controls(section, i));
    draw(sections.flatMap(section => section.figures.filter(figure => !figure.drawn)));
  }

  function buildSection(json) {
    return make('section', {},
        make('h1', {}, json.title), make('p', {class: 'meta'}, json.about),
        ...json.blocks.map(build));
  }

  /** Takes over a section's elements, which stand in the order of its blocks. */
  function adopt(json, element) {
    const elements = [...element.children].slice(2);
    const section = {json, element, figures: [], blocks: []};
    section.blocks = json.blocks.map((block, i) => ({json: block, element: elements[i]}));
    section.blocks.filter(block => block.json.type === 'figure')
        .forEach(block => section.figures.push(adoptFigure(section, block)));
    return section;
  }

  function update(index, json) {
    const section = sections[index];
    const kinds = blocks => blocks.map(b => b.type + (b.kind || '') + (b.title || '')).join('\n');
    const same = JSON.stringify(section.json.series) === JSON.stringify(json.series)
        && kinds(section.json.blocks) === kinds(json.blocks);
    if (!same) {
      section.figures.forEach(dispose);
      const whole = buildSection(json);
      section.element.replaceWith(whole);
      sections[index] = adopt(json, whole);
      return;
    }
    section.element.children[0].textContent = json.title;
    section.element.children[1].textContent = json.about;
    section.json = json;
    section.blocks.forEach((block, i) => {
      const newer = json.blocks[i];
      if (JSON.stringify(block.json) === JSON.stringify(newer)) {
        return;
      }
      block.json = newer;
      if (newer.type === 'figure') {
        const figure = section.figures.find(f => f.block === block);
        figure.drawn = false;
        block.element.querySelector('figcaption').textContent = newer.caption;
        fillData(figure);
      } else {
        const replacement = build(newer);
        replacement.open = block.element.open;
        block.element.replaceWith(replacement);
        block.element = replacement;
      }
    });
  }

  function adoptFigure(section, block) {
    const host = block.element.querySelector('.plot');
    const figure = {section, block, host, chart: null, drawn: false, choice: 0};
    const data = block.element.querySelector('details.data');
    const tools = make('p', {class: 'tools'});
    block.json.data.forEach(each => {
      const several = block.json.data.length > 1;
      const button = make('button',
          {type: 'button', 'aria-label': 'Download ' + each.name + ' as CSV'},
          several ? 'CSV: ' + each.name : 'CSV');
      const name = each.name;
      button.addEventListener('click',
          () => download(figure.block.json.data.find(t => t.name === name)));
      tools.append(button);
    });
    data.before(tools);
    data.addEventListener('toggle', () => fillData(figure));
    return figure;
  }

  /** The whole data of a figure, once its fold is open. */
  function fillData(figure) {
    const data = figure.block.element.querySelector('details.data');
    if (!data.open) {
      return;
    }
    [...data.children].slice(1).forEach(child => child.remove());
    figure.block.json.data.forEach(each => {
      const rows = flat(each).map(row => row.map(cell => cell === null ? '-' : String(cell)));
      data.append(make('p', {class: 'soft'}, each.name), table('data', each.columns, rows, []));
    });
  }

  /** Rows of a data table with the group's key as their first cell. */
  function flat(data) {
    return data.groups.flatMap(group => group.rows.map(row => [group.key, ...row]));
  }

  // ---- CSV -------------------------------------------------------------------------------------

  /** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe in front. */
  function csvField(cell) {
    if (cell === null) {
      return '';
    }
    if (typeof cell === 'number') {
      return String(cell);
    }
    const own = cell.endsWith(INVISIBLE) ? cell.slice(0, -1) : cell;
    const field = /^[=+\-@\t\r]/.test(own) ? "'" + own : own;
    return /[",\n\r]/.test(field) ? '"' + field.replaceAll('"', '""') + '"' : field;
  }

  function csv(data) {
    return [data.columns, ...flat(data)].map(row => row.map(csvField).join(',') + '\r\n').join('');
  }

  function download(data) {
    const address = URL.createObjectURL(new Blob([csv(data)], {type: 'text/csv'}));
    const name = data.name.toLowerCase().replace(/[^a-z0-9]+/g, '-') + '.csv';
    make('a', {href: address, download: name}).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // ---- what the reader chooses -----------------------------------------------------------------

  /** Above a section's curves: the horizontal axis, and which methods are shown. */
  function controls(section, index) {
    const first = section.figures.find(figure => figure.block.json.kind === 'curves');
    section.toolbar = make('div', {class: 'toolbar'});
    if (!first) {
      return;
    }
    const names = [...new Set(section.figures
        .filter(figure => figure.block.json.kind === 'curves')
        .flatMap(figure => figure.block.json.options.views.map(view => view.name)))];
    const axes = make('fieldset', {class: 'axes'}, make('legend', {}, 'Curves against'));
    names.forEach((name, i) => {
      const radio = make('input', {type: 'radio', name: 'axis-' + index, id: `axis-${index}-${i}`});
      radio.checked = name === (names.includes(reader.axis) ? reader.axis : names[0]);
      radio.addEventListener('change', () => {
        reader.axis = name;
        draw(section.figures.filter(figure => figure.block.json.kind === 'curves'));
      });
      axes.append(make('label', {}, radio, name));
    });
    const hidden = reader.hidden.get(index) || new Set();
    reader.hidden.set(index, hidden);
    const methods = make('ul', {class: 'methods', 'aria-label': 'Methods shown in the curves'});
    section.json.series.forEach(series => {
      const button = make('button', {type: 'button', 'aria-pressed': !hidden.has(series.label)},
          swatch(series.colour), make('span', {}, series.label));
      button.addEventListener('click', () => {
        const hide = !hidden.has(series.label);
        hidden[hide ? 'add' : 'delete'](series.label);
        button.setAttribute('aria-pressed', !hide);
        draw(section.figures.filter(figure => TOGETHER.includes(figure.block.json.kind)));
      });
      methods.append(make('li', {}, button));
    });
    section.toolbar.append(axes, methods);
    const before = section.blocks[section.blocks.findIndex(b => b.element === first.block.element)];
    before.element.before(section.toolbar);
  }

  function swatch(colour) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    svg.setAttribute('width', '26');
    svg.setAttribute('height', '10');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('class', 'curve s' + colour);
    Object.entries({x1: 1, x2: 25, y1: 5, y2: 5})
        .forEach(([name, value]) => line.setAttribute(name, value));
    svg.setAttribute('class', 'chart');
    svg.append(line);
    return svg;
  }

  // ---- drawing ---------------------------------------------------------------------------------

  /** Draws figures one after the other, so that the page stays responsive. */
  function draw(figures) {
    waiting = [...new Set([...waiting, ...figures])];
    if (waiting.length > 0) {
      document.querySelector('main').setAttribute('aria-busy', 'true');
      clearTimeout(timer);
      timer = setTimeout(drawNext, 0);
    }
  }

  function drawNext() {
    const until = performance.now() + 30;
    while (waiting.length > 0 && performance.now() < until) {
      drawNow(waiting.shift());
    }
    if (waiting.length > 0) {
      timer = setTimeout(drawNext, 0);
    } else {
      document.querySelector('main').setAttribute('aria-busy', 'false');
    }
  }

  function drawAllNow() {
    waiting = [];
    sections.forEach(section => section.figures.forEach(drawNow));
    document.querySelector('main').setAttribute('aria-busy', 'false');
  }

  function drawNow(figure) {
    const json = figure.block.json;
    figure.width = figure.host.clientWidth;
    const {height, ...option} = kinds[json.kind](json, {
      width: figure.width,
      series: new Map(figure.section.json.series.map(series => [series.label, series])),
      hidden: reader.hidden.get(sections.indexOf(figure.section)) || new Set(),
      colours: colours(),
      figure,
    });
    figure.chart = chart(figure.host, option, json.alt, height);
    figure.drawn = true;
  }

  /** Draws any option of the library in the page's style; `words` are read instead of it. */
  function chart(host, option, words, height = 320) {
    let drawn = echarts.getInstanceByDom(host);
    if (!drawn) {
      host.replaceChildren();
      host.style.height = height + 'px';
      drawn = echarts.init(host, null, {renderer: 'svg'});
    }
    host.style.height = height + 'px';
    drawn.resize({width: host.clientWidth, height});
    const c = colours();
    drawn.setOption({
      animation: false,
      backgroundColor: 'transparent',
      textStyle: {color: c.ink, fontFamily: 'inherit', fontSize: 12},
      aria: {enabled: true, label: {description: words}},
      tooltip: {
        renderMode: 'richText', confine: true, backgroundColor: c.panel, borderColor: c.line,
        borderWidth: 1, padding: 8, textStyle: {color: c.ink, fontSize: 12},
      },
      ...option,
    }, {notMerge: true});
    host.setAttribute('role', 'img');
    host.setAttribute('aria-label', words);
    return drawn;
  }

  function dispose(figure) {
    waiting = waiting.filter(other => other !== figure);
    figure.chart?.dispose();
  }

  /** The style sheet's colours as they are now: light or dark. */
  function colours() {
    const style = getComputedStyle(root);
    const all = {};
    for (const name of ['paper', 'ink', 'soft', 'line', 'zero', 'good', 'bad', 'open', 'panel']) {
      all[name] = style.getPropertyValue('--' + name).trim();
    }
    all.of = index => style.getPropertyValue('--c' + index).trim();
    return all;
  }

  const DASHES = [[2, 3], [7, 3], [], [], [], [7, 3], [7, 3, 2, 3], [7, 3, 2, 3],
    [4, 2], [9, 2], [2, 2], [5, 2, 1, 2]];

  // ---- numbers ---------------------------------------------------------------------------------

  function digits(value, significant) {
    if (value === 0) {
      return '0';
    }
    const size = Math.abs(value);
    if (size >= 1e7 || size < 1e-4) {
      return value.toExponential(significant - 1);
    }
    const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(size)));
    return value.toFixed(Math.min(decimals, 12));
  }

  /** At most so many digits, without zeros at the end. */
  function short(value, significant = 4) {
    return String(Number(digits(value, significant)));
  }

  function large(value) {
    const prefixes = ['', ' k', ' M', ' G', ' T', ' P', ' E'];
    let rest = value;
    let power = 0;
    while (Math.abs(rest) >= 999.5 && power < prefixes.length - 1) {
      rest /= 1000;
      power++;
    }
    return short(rest, 3) + prefixes[power];
  }

  function duration(seconds) {
    return seconds < 120 ? short(seconds, 3) + ' s'
        : seconds < 7200 ? short(seconds / 60, 3) + ' min' : short(seconds / 3600, 3) + ' h';
  }

  function signed(value, text = short(value)) {
    return value > 0 ? '+' + text : text.replace('-', '−');
  }

  const pen = document.createElement('canvas').getContext('2d');

  function widthOf(text, font = '12px') {
    pen.font = font + ' ' + getComputedStyle(document.body).fontFamily;
    return pen.measureText(text).width;
  }

  /** A name inside a text in which the library gives braces a meaning. */
  function plain(text) {
    return text.replaceAll('{', '{' + INVISIBLE);
  }

  /** Ends and ticks of an axis that shows these values: multiples of 1, 2 or 5 × 10ᵏ. */
  function extent(values, count = 5) {
    const known = values.filter(Number.isFinite);
    let low = known.length === 0 ? 0 : Math.min(...known);
    let high = known.length === 0 ? 1 : Math.max(...known);
    if (high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high), 1e-300)) {
      const room = low === 0 ? 1 : Math.abs(low) * 0.05;
      low -= room;
      high += room;
    }
    const rough = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const part = rough / power;
    const interval = power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
    return {
      min: Math.floor(low / interval + 1e-9) * interval,
      max: Math.ceil(high / interval - 1e-9) * interval,
      interval,
    };
  }

  function valueAxis(c, name, more) {
    return {
      type: 'value', name, nameLocation: 'middle', nameTextStyle: {color: c.soft},
      axisLine: {show: false}, axisTick: {show: false}, splitLine: {lineStyle: {color: c.line}}, ...more,
      axisLabel: {color: c.soft, hideOverlap: true, ...more.axisLabel},
    };
  }

  /** The ends, and labels without the dust of binary arithmetic. */
  function bounded(ends, format = v => short(v)) {
    return {...ends, axisLabel: {formatter: v => format(Number(v.toPrecision(10)))}};
  }

  // ---- kinds of figures ------------------------------------------------------------------------

  const kinds = {forest, runs, curves, learners, pareto, reliability, confusion, scatter, heat, settings};

  /** Differences, a row each: both intervals, the mean, and the seeds below. */
  function forest(figure, {width, colours: c}) {
    const {unit, rows: notes, higherIsBetter, axis} = figure.options;
    const rows = flat(figure.data[0]).map((row, i) => ({
      a: row[1], b: row[2], mean: row[4], boot: [row[5], row[6]], t: [row[7], row[8]],
      ...notes[i],
      seeds: figure.data[1].groups[i].rows.map(seed => ({seed: seed[0], value: seed[1]})),
    }));
    const layout = rowLayout(width, rows.map(row => [row.a, 'minus ' + row.b]),
        rows.map(row => row.text));
    const all = rows.flatMap(row => [0, ...row.boot, ...row.t, row.mean,
      ...row.seeds.map(seed => seed.value)]).filter(v => v !== null).map(v => v * unit);
    const x = extent(all);
    const item = (params, api) => {
      const i = api.value(1);
      const row = rows[i];
      const at = value => api.coord([value * unit, i])[0];
      const y = api.coord([0, i])[1] + layout.shift;
      const colour = c[row.tone];
      const bar = ([low, high], style) => low === null ? [] : [segment(at(low), y, at(high), y, style)];
      const ends = row.t[0] === null ? [] : row.t.map(end =>
          segment(at(end), y - 4, at(end), y + 4, {stroke: colour, lineWidth: 1.5}));
      const zero = i > 0 ? [] : [
        segment(at(0), params.coordSys.y, at(0), params.coordSys.y + params.coordSys.height,
            {stroke: c.zero, lineWidth: 1.5, lineDash: [4, 3]}),
        words('← ' + (higherIsBetter ? 'worse' : 'better'), at(0) - 8, 12, c.soft, 'right'),
        words((higherIsBetter ? 'better' : 'worse') + ' →', at(0) + 8, 12, c.soft),
      ];
      return {type: 'group', children: [
        ...zero,
        ...rowLabels(layout, api.coord([0, i])[1], width, c, row.a, 'minus ' + row.b, true),
        ...(layout.narrow ? [] : [words(String(row.n), width, y + 14, c.soft, 'right', '11px')]),
        words(row.text, width, layout.narrow ? y - 22 : y - 3, row.tone === 'open' ? c.ink : colour,
            'right', row.tone === 'open' ? '12px' : 'bold 12px'),
        ...row.seeds.map(seed => disc(at(seed.value), y + 12, 2.2, c.soft, 0.6)),
        ...bar(row.boot, {stroke: colour, lineWidth: 7, opacity: 0.4}),
        ...bar(row.t, {stroke: colour, lineWidth: 1.5}),
        ...ends,
        diamond(at(row.mean), y, 5.5, colour),
      ]};
    };
    return {
      height: layout.top + rows.length * layout.row + 48,
      grid: {left: layout.left, right: layout.right, top: layout.top, bottom: 48},
      xAxis: valueAxis(c, axis, {nameGap: 26, ...bounded(x, v => signed(v))}),
      yAxis: rowAxis(rows.length),
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => {
        const row = rows[p.dataIndex];
        const range = ([low, high]) => low === null ? '-'
            : signed(low * unit) + ' to ' + signed(high * unit);
        return [plain(row.a), 'minus ' + plain(row.b), row.text, 'bootstrap ' + range(row.boot),
          't ' + range(row.t), ...row.seeds.slice(0, 12)
              .map(seed => 'seed ' + seed.seed + ': ' + signed(seed.value * unit))].join('\n');
      }},
      series: [{type: 'custom', clip: false, renderItem: item,
        data: rows.map((row, i) => [row.mean * unit, i])}],
    };
  }

  /** Every run as a dot, a row per method; below the dots the mean and its interval. */
  function runs(figure, {width, series, colours: c}) {
    const {unit, axis, centre} = figure.options;
    const rows = flat(figure.data[1]).map(([label, n, mean, low, high]) => ({
      label, n, mean, low, high, colour: c.of(series.get(label).colour),
      strong: series.get(label).strong,
      values: new Map(figure.data[0].groups.find(group => group.key === label).rows),
    }));
    const number = value => unit === 100 ? (value * unit).toFixed(2) : short(value);
    const layout = rowLayout(width, rows.map(row => [row.label]), rows.map(row => number(row.mean)));
    const all = rows.flatMap(row => [...row.values.values(), row.low, row.high])
        .filter(v => v !== null).map(v => v * unit);
    const item = (params, api) => {
      const i = api.value(1);
      const row = rows[i];
      const at = value => api.coord([value * unit, i])[0];
      const y = api.coord([0, i])[1] + layout.shift;
      const next = rows[i + 1];
      const below = next ? api.coord([0, i + 1])[1] + layout.shift : 0;
      const joins = !next ? [] : [...row.values]
          .filter(([seed]) => next.values.has(seed))
          .map(([seed, value]) => segment(at(value), y, at(next.values.get(seed)), below,
              {stroke: c.line, lineWidth: 1}));
      return {type: 'group', children: [
        ...joins,
        ...rowLabels(layout, api.coord([0, i])[1], width, c, row.label, '', row.strong),
        words(number(row.mean), width, layout.narrow ? y - 17 : y, c.ink, 'right'),
        ...(row.low === null ? []
            : [segment(at(row.low), y + 12, at(row.high), y + 12, {stroke: row.colour, lineWidth: 1.5})]),
        diamond(at(row.mean), y + 12, 4.5, row.colour),
      ]};
    };
    return {
      height: layout.top + rows.length * layout.row + 48,
      grid: {left: layout.left, right: layout.right, top: layout.top, bottom: 48},
      xAxis: valueAxis(c, axis, {nameGap: 26, ...bounded(extent(all))}),
      yAxis: rowAxis(rows.length),
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => {
        const row = rows[p.seriesIndex === 0 ? p.dataIndex : p.value[1]];
        return p.seriesIndex === 0
            ? `${plain(row.label)}\n${centre} of ${row.n}: ${number(row.mean)}`
            : `${plain(row.label)}\nseed ${p.value[2]}: ${short(p.value[0], 5)}`;
      }},
      series: [
        {type: 'custom', clip: false, renderItem: item, data: rows.map((row, i) => [row.mean * unit, i])},
        {type: 'scatter', symbolSize: 7, symbolOffset: [0, layout.shift],
          data: rows.flatMap((row, i) => [...row.values].map(([seed, value]) => ({
            value: [value * unit, i, seed], itemStyle: {color: row.colour, opacity: 0.65},
          })))},
      ],
    };
  }

  /** A metric during training: a line and a band per method, on the axis that is chosen. */
  function curves(figure, {series, hidden, colours: c}) {
    const {unit, views, runs: counts} = figure.options;
    const view = views.find(each => each.name === reader.axis) || views[0];
    const data = figure.data[view.table];
    const y = data.columns.length - 3; // value, low, high are the last columns
    const lines = data.groups.filter(group => !hidden.has(group.key)).map(group => {
      const rows = group.rows
          .map(row => ({x: row[view.column - 1], y: row.slice(y - 1).map(v => v * unit)}))
          .filter(row => row.x !== null);
      const last = rows.length > 0 ? rows[rows.length - 1].x : 0;
      return {
        label: group.key, ...series.get(group.key),
        n: counts.find(each => each.label === group.key)?.n,
        rows: view.lastHalf ? rows.filter(row => row.x >= last / 2) : rows,
      };
    });
    const points = lines.flatMap(line => line.rows);
    const xs = points.map(point => point.x);
    const x = [view.lastHalf ? Math.min(...xs) : 0, Math.max(...xs)];
    const format = view.seconds ? duration : large;
    return {
      height: 270,
      grid: {left: 58, right: 14, top: 12, bottom: 46},
      xAxis: valueAxis(c, view.name, {
        nameGap: 26, min: x[0], max: x[1], splitLine: {show: false}, splitNumber: 4,
        axisLine: {show: true, onZero: false, lineStyle: {color: c.line}},
        axisLabel: {color: c.soft, hideOverlap: true, showMaxLabel: false, formatter: v => format(v)},
      }),
      yAxis: valueAxis(c, '', bounded(extent(points.flatMap(point => point.y), 4),
          v => Math.abs(v) >= 1e5 ? large(v) : short(v))),
      tooltip: {...tooltip(c), trigger: 'axis',
        axisPointer: {type: 'line', lineStyle: {color: c.zero}},
        formatter: all => {
          const shown = all.filter(p => p.seriesType === 'line');
          return shown.length === 0 ? '' : [view.name + ' ' + format(shown[0].value[0]),
            ...shown.map(p => {
              const [, value, low, high] = p.value;
              return `${p.marker}${plain(p.seriesName)}: ${short(value)} (${short(low)} to ${short(high)})`;
            })].join('\n');
        }},
      series: lines.flatMap(line => [band(line, c), {
        type: 'line', name: line.label, showSymbol: false, z: line.strong ? 4 : 3,
        color: c.of(line.colour), emphasis: {focus: 'series'},
        lineStyle: {width: 2, type: DASHES[line.colour].length > 0 ? DASHES[line.colour] : 'solid'},
        data: line.rows.map(row => [row.x, ...row.y]),
      }]),
    };
  }

  /** Two numbers of every run, a colour per group. */
  function scatter(figure, {series, colours: c}) {
    const {x, y, logX} = figure.options;
    const groups = figure.data[0].groups;
    const points = groups.flatMap(group => group.rows);
    const xs = points.map(row => row[0]);
    const log = logX && xs.every(value => value > 0);
    return {
      height: 300,
      grid: {left: 62, right: 14, top: 12, bottom: 76},
      legend: {
        type: 'scroll', bottom: 0, itemGap: 18, itemWidth: 10, itemHeight: 10,
        textStyle: {color: c.ink, fontFamily: 'sans-serif', fontSize: 11},
      },
      xAxis: {
        ...valueAxis(c, x + (log ? ', logarithmic' : ''), {nameGap: 26,
          ...(log ? {min: Math.min(...xs) / 1.2, max: Math.max(...xs) * 1.2,
            axisLabel: {color: c.soft, showMinLabel: false, showMaxLabel: false, formatter: v => short(v, 2)}}
            : bounded(extent(xs)))}),
        type: log ? 'log' : 'value',
      },
      yAxis: valueAxis(c, y, {nameGap: 48, ...bounded(extent(points.map(row => row[1])))}),
      tooltip: {...tooltip(c), trigger: 'item',
        formatter: p => `${plain(p.value[2])}\n${x}: ${short(p.value[0])}\n${y}: ${short(p.value[1])}`},
      series: groups.map(group => ({
        type: 'scatter', name: group.key, symbolSize: 9, data: group.rows,
        itemStyle: {color: c.of(series.get(group.key)?.colour ?? 7), opacity: 0.8},
      })),
    };
  }

  /** A value for every pair of settings: a cell each, the stronger coloured the larger. */
  function heat(figure, {width, colours: c}) {
    const {xs, ys, rows, columns, unit, low, high, difference, winner} = figure.options;
    const cells = flat(figure.data[0]);
    const number = value => difference
        ? signed(value * unit, short(value * unit, 3)) : short(value * unit, 4);
    const most = Math.max(Math.abs(low), Math.abs(high));
    const place = value => difference
        ? (most === 0 ? 0 : value / most) : (high === low ? 0.5 : (value - low) / (high - low));
    const left = 16 + Math.max(...ys.map(text => widthOf(text)), widthOf(rows));
    const item = (params, api) => {
      const [, , value, min, max, trial, status] = cells[params.dataIndex];
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const [w, h] = api.size([1, 1]);
      const box = {x: x - w / 2 + 1, y: y - h / 2 + 1, width: w - 2, height: h - 2};
      if (value === null) {
        return {type: 'group', children: [
          {type: 'rect', shape: box, style: {fill: 'none', stroke: c.line, lineDash: [3, 3]}},
          words(status, x, y, c.soft, 'center', '11px', w - 6),
        ]};
      }
      const at = place(value);
      return {type: 'group', children: [
        {type: 'rect', shape: box,
          style: {fill: c.of(at < 0 ? 1 : 2), opacity: 0.04 + 0.48 * Math.abs(at)}},
        ...(trial === winner ? [{type: 'rect', shape: {...box, x: box.x + 1, y: box.y + 1,
          width: w - 4, height: h - 4}, style: {fill: 'none', stroke: c.ink, lineWidth: 2}}] : []),
        words(number(value), x, min === null ? y : y - 8, c.ink, 'center', 'bold 12px', w - 4),
        ...(min === null ? []
            : [words(`[${number(min)}, ${number(max)}]`, x, y + 9, c.ink, 'center', '11px', w - 4)]),
      ]};
    };
    const axis = (name, data, more) => ({
      type: 'category', name, data, nameLocation: 'middle', nameTextStyle: {color: c.soft},
      axisLine: {show: false}, axisTick: {show: false}, axisLabel: {color: c.ink}, ...more,
    });
    return {
      height: 76 + 46 * ys.length,
      grid: {left, right: Math.max(8, width - left - 120 * xs.length), top: 22, bottom: 48},
      xAxis: axis(columns, xs, {nameGap: 26}),
      yAxis: axis(rows, ys, {inverse: true, nameLocation: 'start', nameGap: 8,
        nameTextStyle: {color: c.soft, align: 'right'}}),
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => {
        const [row, column, value, min, max, trial] = cells[p.dataIndex];
        return plain(`${trial}: ${rows} = ${row}, ${columns} = ${column}\n`)
            + (value === null ? 'no value' : number(value))
            + (min === null ? '' : ` [${number(min)}, ${number(max)}]`);
      }},
      series: [{type: 'custom', renderItem: item,
        data: cells.map(([row, column, value]) => [xs.indexOf(column), ys.indexOf(row), value])}],
    };
  }

  /** A value and its interval for every value of one setting. */
  function settings(figure, {colours: c}) {
    const {x, unit, axis, log, joined} = figure.options;
    const points = flat(figure.data[0]).filter(point => point[2] !== null);
    const numbers = points.every(point => point[1] !== null);
    const logs = numbers && log && points.every(point => point[1] > 0);
    const at = point => (numbers ? point[1] : point[0]);
    const rows = numbers ? [...points].sort((a, b) => a[1] - b[1]) : points;
    const values = rows.map(point => [at(point), ...point.slice(2, 5).map(v => v === null ? null : v * unit)]);
    const whisker = (params, api) => {
      const [, , min, max] = values[params.dataIndex];
      const [px] = api.coord([api.value(0), api.value(1)]);
      const end = value => api.coord([api.value(0), value])[1];
      return min === null ? {type: 'group', children: []}
          : segment(px, end(min), px, end(max), {stroke: c.of(2), lineWidth: 1.5, opacity: 0.6});
    };
    const xs = rows.map(point => point[1]);
    return {
      height: 300,
      grid: {left: 62, right: 14, top: 12, bottom: 48},
      xAxis: numbers
          ? {...valueAxis(c, x + (logs ? ', logarithmic' : ''), {nameGap: 26, ...(logs
              ? {min: Math.min(...xs) / 1.2, max: Math.max(...xs) * 1.2, axisLabel: {color: c.soft,
                showMinLabel: false, showMaxLabel: false, formatter: v => short(v, 2)}}
              : bounded(extent(xs), v => short(v)))}), type: logs ? 'log' : 'value'}
          : {type: 'category', name: x, nameLocation: 'middle', nameGap: 26,
            nameTextStyle: {color: c.soft}, axisTick: {show: false}, axisLabel: {color: c.ink},
            data: [...new Set(rows.map(at))]},
      yAxis: valueAxis(c, axis, {nameGap: 44,
        ...bounded(extent(values.flatMap(row => row.slice(1)).filter(v => v !== null)), v => short(v))}),
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => {
        const [, value, min, max] = values[p.dataIndex];
        return plain(`${rows[p.dataIndex][5]}: ${rows[p.dataIndex][6]}\n`) + short(value)
            + (min === null ? '' : ` [${short(min)}, ${short(max)}]`);
      }},
      series: [
        ...(joined && numbers ? [{type: 'line', silent: true, showSymbol: false, tooltip: {show: false},
          lineStyle: {color: c.of(2), width: 1}, data: values.map(row => row.slice(0, 2))}] : []),
        {type: 'custom', silent: true, clip: false, renderItem: whisker, data: values.map(row => row.slice(0, 2))},
        {type: 'scatter', symbolSize: 9, data: values.map(row => row.slice(0, 2)),
          itemStyle: {color: c.of(2)}},
      ],
    };
  }

  function band(line, c) {
    return {
      type: 'custom', silent: true, clip: true, z: 1, tooltip: {show: false},
      data: line.rows.length > 1 ? [[line.rows[0].x, line.rows[0].y[0]]] : [],
      renderItem: (params, api) => ({
        type: 'polygon',
        shape: {points: [
          ...line.rows.map(row => api.coord([row.x, row.y[2]])),
          ...line.rows.map(row => api.coord([row.x, row.y[1]])).reverse(),
        ]},
        style: {fill: c.of(line.colour), opacity: 0.13},
      }),
    };
  }

  /** Teacher, students and ensemble of every method: means with their intervals. */
  function learners(figure, {width, series, colours: c}) {
    const {unit, axis} = figure.options;
    const rows = figure.data[0].groups.map(group => ({
      label: group.key, ...series.get(group.key),
      marks: group.rows.map(([learner, n, mean, low, high]) => ({learner, n, mean, low, high})),
    }));
    const names = [...new Set(rows.flatMap(row => row.marks.map(mark => mark.learner)))];
    const shapes = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin'];
    const layout = rowLayout(width, rows.map(row => [row.label]), ['']);
    const step = 13;
    const height = (layout.narrow ? 34 : 22) + step * names.length;
    const offset = (row, mark) => (layout.narrow ? 12 : 0)
        + (row.marks.indexOf(mark) - (row.marks.length - 1) / 2) * step;
    const all = rows.flatMap(row => row.marks.flatMap(mark => [mark.mean, mark.low, mark.high]))
        .filter(v => v !== null).map(v => v * unit);
    const marks = names.flatMap((name, k) => rows.flatMap((row, i) =>
        row.marks.filter(mark => mark.learner === name).map(mark => ({mark, row, i, k}))));
    const item = (params, api) => {
      const {mark, row, i} = marks[params.dataIndex];
      const at = value => api.coord([value * unit, i])[0];
      const middle = api.coord([0, i])[1];
      const y = middle + offset(row, mark);
      const first = row.marks[0] === mark;
      return {type: 'group', children: [
        ...(first ? rowLabels(layout, middle - (layout.narrow ? height / 2 - 16 : 0), width, c,
            row.label, '', row.strong) : []),
        ...(mark.low === null ? []
            : [segment(at(mark.low), y, at(mark.high), y, {stroke: c.of(row.colour), lineWidth: 1.5})]),
      ]};
    };
    return {
      height: 26 + rows.length * height + 48,
      grid: {left: layout.left, right: layout.right, top: 26, bottom: 48},
      legend: {top: 0, left: 0, itemWidth: 10, itemHeight: 10, selectedMode: false,
        textStyle: {color: c.soft}, itemStyle: {color: c.soft}, data: names},
      xAxis: valueAxis(c, axis, {nameGap: 26, ...bounded(extent(all))}),
      yAxis: rowAxis(rows.length),
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => {
        const {mark, row} = p.seriesType === 'custom' ? marks[p.dataIndex] : p.data.of;
        return [plain(row.label), plain(mark.learner), `mean of ${mark.n}: ${short(mark.mean * unit, 5)}`,
          ...(mark.low === null ? []
              : [`95 % interval ${short(mark.low * unit, 5)} to ${short(mark.high * unit, 5)}`])].join('\n');
      }},
      series: [
        {type: 'custom', clip: false, renderItem: item,
          data: marks.map(({mark, i}) => [mark.mean * unit, i])},
        ...names.map((name, k) => ({
          type: 'scatter', name, symbol: shapes[k % shapes.length], symbolSize: 9,
          color: c.soft,
          data: marks.filter(each => each.k === k).map(each => ({
            value: [each.mark.mean * unit, each.i], of: each,
            symbolOffset: [0, offset(each.row, each.mark)],
            itemStyle: {color: c.of(each.row.colour), opacity: 1},
          })),
        })),
      ],
    };
  }

  /** Gain against cost, with intervals, names, and the front of what is not beaten in both. */
  function pareto(figure, {series, colours: c}) {
    const {unit, x, y} = figure.options;
    const all = flat(figure.data[0]).map(([label, n, cost, ratio, gain, low, high, front, share]) =>
        ({label, n, cost, ratio, gain, low, high, front: front === 1, share, ...series.get(label)}));
    const front = all.filter(point => point.front).sort((a, b) => a.ratio - b.ratio);
    const ends = extent(all.flatMap(p => [0, p.gain, p.low, p.high]).filter(v => v !== null)
        .map(v => v * unit));
    const across = extent([0, ...all.map(point => point.ratio)], 6);
    // Names beside their points, on the side with more room, pushed down where they would overlap.
    const names = api => {
      const places = new Map();
      const taken = [];
      const at = point => api.coord([point.ratio, point.gain * unit]);
      [...all].sort((a, b) => at(a)[1] - at(b)[1]).forEach(point => {
        const [px, py] = at(point);
        const left = point.ratio > 0.5 * across.max;
        const own = widthOf(point.label, 'bold 11px') + 4;
        const width = Math.min(own, 200);
        const edge = left ? px - 11 : px + 11;
        const from = left ? edge - width : edge;
        let y = py;
        for (let tries = 0; tries < 40 && taken.some(other =>
            Math.abs(other.y - y) < 13 && other.from < from + width && from < other.to); tries++) {
          y += 3;
        }
        taken.push({y, from, to: from + width});
        places.set(point, {x: edge, edge, y, align: left ? 'right' : 'left',
          width: own > 200 ? 200 : undefined});
      });
      return places;
    };
    const bars = (params, api) => {
      const point = all[params.dataIndex];
      const place = names(api).get(point);
      const [px, middle] = api.coord([point.ratio, point.gain * unit]);
      const text = [
        words(point.label, place.x, place.y, c.ink, place.align,
            point.strong ? 'bold 11px' : '11px', place.width),
        ...(Math.abs(place.y - middle) < 8 ? []
            : [segment(px, middle, place.edge, place.y, {stroke: c.zero, lineWidth: 0.75})]),
      ];
      if (point.low === null) {
        return {type: 'group', children: text};
      }
      const bottom = api.coord([point.ratio, point.low * unit])[1];
      const top = api.coord([point.ratio, point.high * unit])[1];
      const style = {stroke: c.of(point.colour), lineWidth: 1.5, opacity: 0.8};
      return {type: 'group', children: [...text, segment(px, bottom, px, top, style),
        segment(px - 4, top, px + 4, top, style), segment(px - 4, bottom, px + 4, bottom, style)]};
    };
    return {
      height: 380,
      grid: {left: 72, right: 20, top: 16, bottom: 48},
      xAxis: valueAxis(c, x, {nameGap: 26, ...bounded(across)}),
      yAxis: valueAxis(c, y, {nameGap: 52, ...bounded(ends, v => signed(v))}),
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => {
        const point = all[p.dataIndex];
        return [plain(point.label), `gain ${signed(point.gain * unit)}`,
          ...(point.low === null ? []
              : [`95 % interval ${signed(point.low * unit)} to ${signed(point.high * unit)}`]),
          `cost ${short(point.ratio, 3)} times, ${large(point.cost)}`,
          point.front ? 'on the front' : 'beaten in both by another',
          ...(point.share === null ? [] : [`front share ${short(point.share * 100, 3)} %`])].join('\n');
      }},
      series: [
        {type: 'scatter', z: 4, symbolSize: 11,
          data: all.map(point => ({
            value: [point.ratio, point.gain * unit], symbol: point.front ? 'diamond' : 'circle',
            itemStyle: {color: c.of(point.colour), opacity: 1},
          }))},
        {type: 'custom', z: 3, renderItem: bars, silent: true, clip: false,
          data: all.map(point => [point.ratio, point.gain * unit])},
        {type: 'line', z: 2, silent: true, showSymbol: false, step: 'end', tooltip: {show: false},
          lineStyle: {color: c.zero, width: 1.5, type: [4, 3]},
          data: front.map(point => [point.ratio, point.gain * unit])},
      ],
    };
  }

  /** Accuracy against confidence, a line per method; the diagonal is perfect calibration. */
  function reliability(figure, {series, hidden, colours: c}) {
    const lines = figure.data[0].groups.filter(group => !hidden.has(group.key));
    const most = Math.max(...lines.flatMap(line => line.rows.map(row => row[2])));
    const axis = (name, nameGap) => valueAxis(c, name, {min: 0, max: 100, interval: 20, nameGap,
      axisLabel: {color: c.soft}});
    return {
      height: 340,
      grid: {left: 58, right: 16, top: 12, bottom: 46},
      xAxis: axis('confidence, %', 26),
      yAxis: axis('accuracy, %', 34),
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => [plain(p.seriesName),
        `confidence ${short(p.value[0], 3)} %, accuracy ${short(p.value[1], 3)} %`,
        `${p.value[2]} predictions`].join('\n')},
      series: [
        {type: 'line', silent: true, showSymbol: false, lineStyle: {color: c.zero, width: 1.5, type: [4, 3]},
          data: [[0, 0], [100, 100]]},
        ...lines.map(line => {
          const {colour, strong} = series.get(line.key);
          return {
            type: 'line', name: line.key, color: c.of(colour), z: strong ? 4 : 3, symbol: 'circle',
            lineStyle: {width: 1.8, type: DASHES[colour].length > 0 ? DASHES[colour] : 'solid'},
            symbolSize: value => 3 + 9 * Math.sqrt(value[2] / most), emphasis: {focus: 'series'},
            data: line.rows.map(row => [row[3] * 100, row[4] * 100, row[2]]),
          };
        }),
      ],
    };
  }

  /** True against predicted class of one method, which the reader chooses. */
  function confusion(figure, {width, series, colours: c, figure: own}) {
    const {classes, totals} = figure.options;
    const groups = figure.data[0].groups;
    chooser(own, 'Method', groups.map(group => group.key));
    const group = groups[Math.min(own.choice, groups.length - 1)];
    const total = totals[String(groups.indexOf(group))];
    const label = Math.min(140, Math.max(...classes.map(name => widthOf(name)))) + 12;
    const size = Math.min(width - label - 24, 560);
    const fits = size / classes.length > 24;
    return {
      height: size + label + 40,
      grid: {left: label + 22, top: 8, width: size, height: size},
      xAxis: {type: 'category', data: classes.map((name, i) => i), name: 'predicted', position: 'bottom',
        nameLocation: 'middle', nameGap: label + 8, nameTextStyle: {color: c.soft},
        axisLine: {show: false}, axisTick: {show: false},
        axisLabel: {color: c.soft, rotate: 90, width: 140, overflow: 'truncate', formatter: i => classes[i]}},
      yAxis: {type: 'category', inverse: true, data: classes.map((name, i) => i), name: 'true class',
        nameLocation: 'middle', nameGap: label + 4, nameTextStyle: {color: c.soft},
        axisLine: {show: false}, axisTick: {show: false},
        axisLabel: {color: c.soft, width: 140, overflow: 'truncate', formatter: i => classes[i]}},
      visualMap: {show: false, min: 0, max: 1, dimension: 2,
        inRange: {color: [c.paper, c.of(series.get(group.key).colour)]}},
      tooltip: {...tooltip(c), trigger: 'item', formatter: p => [
        `${plain(classes[p.value[1]])} taken for ${plain(classes[p.value[0]])}`,
        `${p.value[3]} of ${total[p.value[1]]}`].join('\n')},
      series: [{
        type: 'heatmap', itemStyle: {borderColor: c.line, borderWidth: fits ? 1 : 0},
        data: group.rows.map(([row, column, n]) => ({
          value: [column, row, Math.sqrt(n / total[row]), n],
          label: {show: fits, formatter: () => String(n), fontSize: 11,
            color: n / total[row] > 0.3 ? c.paper : c.ink},
        })),
      }],
    };
  }

  /** A native select above a chart; the figure is drawn anew when it changes. */
  function chooser(figure, name, choices) {
    const present = figure.block.element.querySelector('label.choose');
    if (present || choices.length < 2) {
      return;
    }
    const select = make('select', {}, ...choices.map(choice => make('option', {}, choice)));
    select.addEventListener('change', () => {
      figure.choice = select.selectedIndex;
      draw([figure]);
    });
    figure.host.before(make('label', {class: 'choose'}, name + ' ', select));
  }

  // ---- parts of charts -------------------------------------------------------------------------

  function tooltip(c) {
    return {
      renderMode: 'richText', confine: true, backgroundColor: c.panel, borderColor: c.zero,
      borderWidth: 1, padding: 8, textStyle: {color: c.ink, fontSize: 12},
    };
  }

  /** Where labels and values of rows stand: beside the rows, or above them where it is narrow. */
  function rowLayout(width, labels, values) {
    const narrow = width < 620;
    const two = labels[0].length > 1;
    const label = Math.max(...labels.flat().map(text => widthOf(text, 'bold 12px'))) + 18;
    const value = Math.max(...values.map(text => widthOf(text, 'bold 12px'))) + 16;
    return {
      narrow, two,
      left: narrow ? 10 : Math.min(label, 0.36 * width),
      right: narrow ? 10 : value,
      top: two ? 30 : 10,
      row: narrow ? (two ? 76 : 56) : (two ? 48 : 40),
      shift: narrow ? (two ? 16 : 8) : 0,
    };
  }

  function rowLabels(layout, y, width, c, first, second, strong) {
    const room = layout.narrow ? width * 0.62 : layout.left - 12;
    const font = strong ? 'bold 12px' : '12px';
    if (!layout.two) {
      return [words(first, 0, layout.narrow ? y - 9 : y, c.ink, 'left', font, room)];
    }
    return [
      words(first, 0, layout.narrow ? y - 22 : y - 7, c.ink, 'left', font, room),
      words(second, 0, layout.narrow ? y - 7 : y + 9, c.soft, 'left', '11px', room),
    ];
  }

  function rowAxis(count) {
    return {
      type: 'category', inverse: true, show: false,
      data: Array.from({length: count}, (unused, i) => String(i)),
    };
  }

  function segment(x1, y1, x2, y2, style) {
    return {type: 'line', shape: {x1, y1, x2, y2}, style};
  }

  function disc(cx, cy, r, fill, opacity = 1) {
    return {type: 'circle', shape: {cx, cy, r}, style: {fill, opacity}};
  }

  function diamond(x, y, r, fill) {
    return {type: 'polygon', shape: {points: [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]},
      style: {fill}};
  }

  function words(text, x, y, fill, align = 'left', font = '12px', room = undefined) {
    return {type: 'text', silent: true, style: {
      text, x, y, fill, align, verticalAlign: 'middle', width: room, overflow: 'truncate',
      font: font + ' ' + getComputedStyle(document.body).fontFamily,
    }};
  }

  // ---- the page --------------------------------------------------------------------------------

  const everything = () => sections.flatMap(section => section.figures);

  function begin() {
    root.classList.add('drawn');
    const own = document.getElementById('lot-document');
    if (own) {
      show(JSON.parse(own.textContent));
    }
    new ResizeObserver(() => {
      if (!root.classList.contains('print')) {
        draw(everything().filter(figure => figure.drawn && figure.width !== figure.host.clientWidth));
      }
    }).observe(document.querySelector('main'));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw(everything()));
    addEventListener('beforeprint', () => {
      root.classList.add('print');
      drawAllNow();
    });
    addEventListener('afterprint', () => {
      root.classList.remove('print');
      draw(everything());
    });
  }

  begin();
  return {show, chart, csv, inert};
})();
