// The live page. What comes from files is shown by textContent and by the chart's canvas alone.
'use strict';
(() => {
  const ROW_HEIGHT = 60;
  const MOST_CHOSEN = 64;
  const MOST_TABLE = 12;
  const ORDER = ['running', 'silent', 'interrupted', 'waiting', 'failed', 'diverged', 'unreadable', 'done'];
  const SIGNS = {running: '▶', waiting: '…', silent: '◌', interrupted: '‖', done: '✓', failed: '✗', diverged: '∞', unreadable: '?'};
  const AXES = {step: 'teacher steps', samples: 'samples', flops: 'FLOPs', wall_s: 'seconds', epoch: 'epochs'};
  const LIGHT = ['#1f5fd6', '#c2700a', '#0f8a7e', '#8b3fd1', '#c02659', '#7a5230', '#3f4c5f', '#6b7280'];
  const DARK = ['#6ea8ff', '#f0a23c', '#45c9ba', '#c79bff', '#ff86ad', '#d0a57c', '#c4cedb', '#a3adba'];
  const DASHES = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]];

  // The chart library keeps what it has measured in plain objects: a run named "__proto__" must be no key of theirs.
  const inert = text => text in Object.prototype ? text + '\u200b' : text;

  const $ = id => document.getElementById(id);
  const runs = new Map();
  const groups = new Map();
  const chosen = new Set();
  let about = {};
  let mark = '';
  let shown = [];
  let active = '';
  let tab = 'curves';
  let events = null;
  let lastHeard = 0;

  // The token has done its work (a cookie has it now): out of the address bar and the history.
  if (location.search) {
    history.replaceState(null, '', location.pathname);
  }

  // ---- words and numbers

  function count(value) {
    return Math.round(value).toLocaleString('en');
  }

  function large(value) {
    for (const [size, unit] of [[1e18, 'E'], [1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M']]) {
      if (Math.abs(value) >= size) return short(value / size) + ' ' + unit;
    }
    return short(value);
  }

  function short(value) {
    if (value === undefined || value === null) return '–';
    const size = Math.abs(value);
    if (size >= 1e5 && size < 1e15) return count(value);
    return size !== 0 && (size < 1e-3 || size >= 1e15) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  }

  function duration(seconds) {
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return s + ' s';
    if (s < 3600) return Math.floor(s / 60) + ' min ' + (s % 60) + ' s';
    if (s < 86400) return Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' min';
    return Math.floor(s / 86400) + ' d ' + Math.floor(s % 86400 / 3600) + ' h';
  }

  function isFraction(series) {
    return /\/(accuracy|agreement|ece)$/.test(series);
  }

  function measured(series, value) {
    if (value === undefined || value === null) return '–';
    return isFraction(series) ? (100 * value).toFixed(2) + ' %' : short(value);
  }

  function words(series) {
    const at = series.indexOf(' ');
    return series.slice(at + 1).replace('/', ' ').replaceAll('_', ' ') + ' (' + series.slice(0, at) + ')';
  }

  function nameOf(run) {
    return run.label + ' · seed ' + run.seed;
  }

  function left(row) {
    if (row.seconds_left === undefined) return null;
    const since = row.changed ? (Date.now() - row.changed) / 1000 : 0;
    return Math.max(0, row.seconds_left - Math.max(0, since));
  }

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  // ---- what the server says

  async function ask(address) {
    const answer = await fetch(address, {cache: 'no-store'});
    if (!answer.ok) throw new Error(answer.status + ' ' + (await answer.text()).slice(0, 300));
    return answer.json();
  }

  function take(change) {
    if (change.all) {
      runs.clear();
      groups.clear();
    }
    for (const row of change.about) about = row;
    for (const row of change.groups) groups.set(row.id, row);
    for (const row of change.runs) runs.set(row.id, row);
    for (const id of change.gone) {
      runs.delete(id);
      groups.delete(id);
    }
    for (const id of [...chosen]) if (!runs.has(id)) chosen.delete(id);
    mark = change.mark;
    heard();
    render();
    followFirst();
    refresh();
  }

  function heard() {
    lastHeard = Date.now();
    connection(true);
  }

  function connection(good) {
    const node = $('connection');
    node.classList.toggle('lost', !good);
    put(node, good ? 'live' : 'No answer from lot watch. What is shown is as of '
      + (lastHeard ? new Date(lastHeard).toLocaleTimeString() : 'never') + '.');
  }

  function listen() {
    events = new EventSource('/events?after=' + encodeURIComponent(mark));
    events.addEventListener('change', event => take(JSON.parse(event.data)));
    events.onopen = heard;
    events.onerror = () => connection(false);
  }

  // ---- the list: only the rows that can be seen are in the page

  const elements = new Map();

  function wanted() {
    const parts = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    const group = $('group').value;
    const inside = run => {
      for (let at = run.group; at; at = groups.get(at) && groups.get(at).group) if (at === group) return true;
      return false;
    };
    const all = [...runs.values()].filter(run => {
      if (group && !inside(run)) return false;
      const text = [run.label, run.path, run.name, run.status, run.method, run.data, 'seed ' + run.seed].join(' ').toLowerCase();
      return parts.every(part => text.includes(part));
    });
    const path = (a, b) => a.path.localeCompare(b.path, 'en', {numeric: true});
    const missing = (a, b, by) => (by(a) === undefined) - (by(b) === undefined);
    const value = run => run.value;
    const orders = {
      status: (a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || path(a, b),
      recent: (a, b) => b.changed - a.changed || path(a, b),
      path,
      label: (a, b) => a.label.localeCompare(b.label, 'en', {numeric: true}) || a.seed - b.seed || path(a, b),
      value: (a, b) => missing(a, b, value) || b.value - a.value || path(a, b),
      lowest: (a, b) => missing(a, b, value) || a.value - b.value || path(a, b),
      left: (a, b) => missing(a, b, run => run.seconds_left) || a.seconds_left - b.seconds_left || path(a, b)
    };
    return all.sort(orders[$('sort').value]).map(run => run.id);
  }

  function render() {
    put($('directory'), about.directory || '');
    put($('totals'), totals(about));
    groupNames();
    const group = groups.get($('group').value);
    $('group-line').hidden = !group;
    if (group) put($('group-line'), group.kind + ' ' + group.path + ': ' + totals(group));
    shown = wanted();
    put($('shown'), shown.length === runs.size ? count(runs.size) + ' runs.' : count(shown.length) + ' of ' + count(runs.size) + ' runs.');
    if (!shown.includes(active)) active = shown[0] || '';
    rows();
  }

  function totals(of) {
    if (!of.standings) return '';
    const parts = [count(of.runs) + (of.runs === 1 ? ' run' : ' runs')];
    for (const status of ORDER) if (of.standings[status]) parts.push(count(of.standings[status]) + ' ' + status);
    if (of.runs) parts.push((100 * of.fraction).toFixed(0) + ' % done');
    if (of.samples_per_s) parts.push(count(of.samples_per_s) + ' samples/s');
    if (of.seconds_left !== undefined) parts.push('about ' + duration(of.seconds_left) + ' left');
    if (of.cut) parts.push('more below than is shown');
    if (of.there === false) parts.push('the directory is gone');
    return parts.join(' · ');
  }

  let named = '';

  function groupNames() {
    const list = [...groups.values()].sort((a, b) => a.path.localeCompare(b.path, 'en', {numeric: true}));
    const now = list.map(group => group.id + group.kind).join();
    if (now === named) return;
    named = now;
    const select = $('group');
    const before = select.value;
    select.replaceChildren(new Option('everything', ''));
    for (const group of list) select.append(new Option(group.kind + ' ' + group.path, group.id));
    select.value = groups.has(before) ? before : '';
  }

  function rows() {
    const list = $('list');
    const holder = $('rows');
    holder.style.height = shown.length * ROW_HEIGHT + 'px';
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_HEIGHT) - 4);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_HEIGHT) + 4);
    const visible = new Set(shown.slice(first, last));
    const at = shown.indexOf(active);
    if (active && at >= 0) visible.add(active);
    for (const [id, node] of elements) {
      if (!visible.has(id)) {
        node.remove();
        elements.delete(id);
      }
    }
    for (let i = first; i < last; i++) row(shown[i], i);
    if (at >= 0 && (at < first || at >= last)) row(active, at);
    if (active) list.setAttribute('aria-activedescendant', 'run-' + active);
    else list.removeAttribute('aria-activedescendant');
  }

  function row(id, position) {
    const run = runs.get(id);
    let node = elements.get(id);
    if (!node) {
      node = element('div');
      node.id = 'run-' + id;
      node.dataset.id = id;
      node.setAttribute('role', 'option');
      const top = element('span', '', 'top');
      const bottom = element('span', '', 'bottom');
      const bar = element('span', '', 'bar');
      top.append(...['status', 'label', 'seed', 'value'].map(name => element('span', '', name)));
      bottom.append(...['path', 'more'].map(name => element('span', '', name)));
      bar.append(element('span'));
      node.append(top, bottom, bar);
      elements.set(id, node);
      $('rows').append(node);
    }
    const [top, bottom, bar] = node.children;
    const [status, label, seed, value] = top.children;
    const [path, more] = bottom.children;
    node.className = 'run ' + run.status + (id === active ? ' active' : '');
    node.style.top = position * ROW_HEIGHT + 'px';
    node.setAttribute('aria-selected', chosen.has(id));
    node.setAttribute('aria-posinset', position + 1);
    node.setAttribute('aria-setsize', shown.length);
    put(status, (SIGNS[run.status] || '?') + ' ' + run.status);
    put(label, run.label);
    put(seed, 'seed ' + run.seed);
    label.title = run.label;
    put(value, run.value_of ? measured(run.value_of, run.value) : '');
    value.title = run.value_of ? words(run.value_of) : '';
    put(path, run.path);
    path.title = run.message ? run.path + ': ' + run.message : run.path;
    put(more, remark(run));
    bar.hidden = run.status === 'waiting';
    bar.firstChild.style.width = 100 * run.fraction + '%';
  }

  function remark(run) {
    const time = left(run);
    if (run.status === 'running') {
      return [run.samples_per_s ? short(run.samples_per_s) + ' samples/s' : '', time === null ? '' : duration(time) + ' left'].filter(Boolean).join(' · ') || 'starting';
    }
    if (run.status === 'silent') return 'no process here is at it';
    if (run.status === 'failed' || run.status === 'diverged') return run.message || '';
    return run.value_of ? words(run.value_of) : '';
  }

  function move(to) {
    if (!shown.length) return;
    const at = Math.min(shown.length - 1, Math.max(0, to));
    active = shown[at];
    const list = $('list');
    if (at * ROW_HEIGHT < list.scrollTop) list.scrollTop = at * ROW_HEIGHT;
    if ((at + 1) * ROW_HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * ROW_HEIGHT - list.clientHeight;
    rows();
    if (tab === 'details') details();
  }

  function choose(id) {
    touched = true;
    if (chosen.has(id)) chosen.delete(id);
    else if (chosen.size < MOST_CHOSEN) chosen.add(id);
    selected();
  }

  function selected() {
    rows();
    fetched.clear();
    curveNames = '';
    refresh();
  }

  $('list').addEventListener('scroll', rows);
  $('list').addEventListener('click', event => {
    const node = event.target.closest('.run');
    if (!node) return;
    active = node.dataset.id;
    choose(active);
  });
  $('list').addEventListener('keydown', event => {
    const at = shown.indexOf(active);
    const page = Math.max(1, Math.floor($('list').clientHeight / ROW_HEIGHT) - 1);
    const moves = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1};
    if (event.key in moves) move(moves[event.key]);
    else if ((event.key === ' ' || event.key === 'Enter') && active) choose(active);
    else return;
    event.preventDefault();
  });
  for (const id of ['filter', 'group', 'sort']) {
    $(id).addEventListener('input', () => {
      $('list').scrollTop = 0;
      render();
      if (id === 'group') refresh();
    });
  }
  $('clear').addEventListener('click', () => {
    touched = true;
    chosen.clear();
    selected();
  });
  $('choose-first').addEventListener('click', () => {
    touched = true;
    chosen.clear();
    for (const id of shown.slice(0, 8)) chosen.add(id);
    selected();
  });

  // Until somebody chooses, what runs is shown; else what changed last.
  let touched = false;

  function followFirst() {
    if (touched || chosen.size) return;
    const byChange = [...runs.values()].filter(run => run.bytes).sort((a, b) => b.changed - a.changed);
    const going = byChange.filter(run => run.status === 'running').slice(0, 4);
    for (const run of going.length ? going : byChange.slice(0, 1)) chosen.add(run.id);
    if (chosen.size) rows();
  }

  // ---- curves

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const fetched = new Map();
  let chart = null;
  let curveNames = '';
  let busy = false;
  let again = false;

  function ids() {
    return [...chosen].map(id => 'id=' + id).join('&');
  }

  /** One request at a time; what happens meanwhile is asked for once afterwards. */
  async function refresh() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        if (tab === 'curves') await curves();
        else if (tab === 'values') await values();
        else if (tab === 'report') report();
        else await details();
      } while (again);
    } catch (failure) {
      put($('chart-words'), String(failure.message));
    } finally {
      busy = false;
    }
  }

  async function curves() {
    if (!chosen.size) {
      fetched.clear();
      draw();
      return;
    }
    const names = ids() + [...chosen].some(id => !runs.get(id).bytes);
    if (names !== curveNames || !$('series').options.length) {
      offer(await ask('/api/series?' + ids()));
      curveNames = names;
    }
    const series = $('series').value;
    if (!series) {
      draw();
      return;
    }
    const axis = $('axis').value;
    const columns = Math.max(100, Math.min(2000, $('chart').clientWidth || 600));
    const what = series + ' ' + axis + ' ' + columns;
    const stale = [...chosen].filter(id => {
      const have = fetched.get(id);
      return !have || have.what !== what || have.bytes !== runs.get(id).bytes || have.changed !== runs.get(id).changed;
    });
    for (const id of [...fetched.keys()]) if (!chosen.has(id)) fetched.delete(id);
    if (stale.length) {
      const as = new Map(stale.map(id => [id, runs.get(id)]));
      const answer = await ask('/api/curves?' + stale.map(id => 'id=' + id).join('&') + '&series=' + encodeURIComponent(series)
        + '&x=' + axis + '&columns=' + columns);
      for (const curve of answer) {
        const run = as.get(curve.id);
        fetched.set(curve.id, {what, bytes: run.bytes, changed: run.changed, points: curve.x.map((x, i) => [x, curve.y[i]])});
      }
    }
    draw();
  }

  function offer(names) {
    const select = $('series');
    const before = select.value;
    const usual = ['valid teacher/return', 'train teacher/return', 'valid teacher/accuracy', 'valid teacher/perplexity', 'valid teacher/loss', 'train teacher/loss'];
    if (names.join() === [...select.options].map(option => option.value).join()) return;
    select.replaceChildren(...names.map(name => new Option(words(name), name)));
    select.value = names.includes(before) ? before : usual.find(name => names.includes(name)) || names[0] || '';
  }

  function draw() {
    const series = $('series').value;
    const axis = $('axis').value;
    const percent = isFraction(series);
    const list = [...chosen].filter(id => fetched.has(id) && runs.has(id));
    const names = list.map(id => nameOf(runs.get(id)));
    const colours = dark.matches ? DARK : LIGHT;
    const ink = dark.matches ? '#e6eaf0' : '#1c2430';
    const soft = dark.matches ? '#9aa6b5' : '#5b6675';
    const line = dark.matches ? '#2c3541' : '#d9dee5';
    const paper = dark.matches ? '#12161c' : '#ffffff';
    const points = list.reduce((sum, id) => sum + fetched.get(id).points.length, 0);
    put($('chart-words'), list.length ? list.length + (list.length === 1 ? ' run, ' : ' runs, ') + count(points) + ' points drawn.'
      : runs.size ? 'Choose runs in the list.' : 'No run here yet.');
    $('chart').setAttribute('aria-label', list.length
      ? words(series) + ' against ' + AXES[axis] + ' of ' + list.map((id, i) => names[i] + ', last ' + measured(series, (fetched.get(id).points.at(-1) || [])[1])).slice(0, 12).join('; ')
      : 'No curve');
    $('chart').dataset.points = points;
    if (!chart) chart = echarts.init($('chart'));
    chart.setOption({
      animation: false,
      textStyle: {color: ink},
      grid: {left: 70, right: 24, top: 24, bottom: 84},
      legend: {type: 'scroll', bottom: 0, textStyle: {color: ink, width: 260, overflow: 'truncate'}, pageTextStyle: {color: ink}, pageIconColor: ink},
      tooltip: {
        trigger: 'axis', renderMode: 'richText', confine: true, order: 'valueDesc',
        backgroundColor: paper, borderColor: line, textStyle: {color: ink},
        axisPointer: {lineStyle: {color: soft}},
        valueFormatter: value => measured(series, value)
      },
      dataZoom: [{type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: true, moveOnMouseWheel: false}],
      xAxis: {
        type: 'value', name: AXES[axis], nameLocation: 'middle', nameGap: 28, scale: false,
        axisLine: {lineStyle: {color: soft}}, axisLabel: {color: soft, formatter: value => large(value)}, splitLine: {show: false}
      },
      yAxis: {
        type: $('log').checked ? 'log' : 'value', scale: true,
        axisLabel: {color: soft, formatter: value => percent ? Number((100 * value).toFixed(4)) + ' %' : short(value)},
        splitLine: {lineStyle: {color: line}}
      },
      series: list.map((id, i) => ({
        id, type: 'line', name: inert(names.indexOf(names[i]) === names.lastIndexOf(names[i])
          ? names[i] : names[i] + ' · ' + runs.get(id).path),
        data: fetched.get(id).points, symbol: 'circle', showSymbol: fetched.get(id).points.length < 40, symbolSize: 4,
        lineStyle: {width: 1.8, type: DASHES[Math.floor(i / colours.length) % DASHES.length]}, color: colours[i % colours.length]
      }))
    }, {replaceMerge: ['series']});
  }

  for (const id of ['series', 'axis']) $(id).addEventListener('input', refresh);
  $('log').addEventListener('input', draw);
  dark.addEventListener('change', () => tab === 'curves' && draw());
  new ResizeObserver(() => {
    if (chart && tab === 'curves') {
      chart.resize();
      refresh();
    }
  }).observe($('chart'));

  // ---- values side by side

  async function values() {
    const list = [...chosen].slice(0, MOST_TABLE);
    const table = $('value-table');
    if (!list.length) {
      table.tHead.replaceChildren();
      table.tBodies[0].replaceChildren();
      return;
    }
    const answer = await ask('/api/values?' + list.map(id => 'id=' + id).join('&'));
    const both = answer.length === 2;
    const head = element('tr');
    const corner = element('th', 'number');
    corner.scope = 'col';
    head.append(corner);
    for (const of of answer) {
      const cell = element('th', runs.has(of.id) ? nameOf(runs.get(of.id)) : '');
      cell.scope = 'col';
      head.append(cell);
    }
    if (both) head.append(element('th', 'first − second'));
    table.tHead.replaceChildren(head);
    const names = [...new Set(answer.flatMap(of => Object.keys(of.values)))].sort();
    table.tBodies[0].replaceChildren(...names.map(name => {
      const line = element('tr');
      const title = element('th', words(name));
      title.scope = 'row';
      line.append(title, ...answer.map(of => element('td', measured(name, of.values[name]))));
      if (both) {
        const [a, b] = answer.map(of => of.values[name]);
        line.append(element('td', a === undefined || b === undefined ? '–' : measured(name, a - b)));
      }
      return line;
    }));
  }

  // ---- the report

  let reported = '';
  let reportedAt = -1;

  function report() {
    const group = groups.get($('group').value);
    const frame = $('report-frame');
    const link = $('report-link');
    const address = group ? '/report?id=' + group.id : chosen.size ? '/report?' + ids() : '';
    const finished = group ? group.finished : [...chosen].filter(id => runs.has(id) && runs.get(id).status !== 'running').length;
    put($('report-words'), group ? 'Report of the ' + group.kind + ' ' + group.path + ', made anew as runs finish.'
      : chosen.size ? 'Report of the chosen runs. For a comparison choose it above the list, under “In”.'
        : 'Choose a comparison above the list, under “In”, or some runs.');
    frame.hidden = link.hidden = !address;
    if (!address) return;
    if (reported !== address) {
      link.href = address;
      frame.src = address;
    } else if (reportedAt !== finished) {
      frame.contentWindow.postMessage('again', location.origin);
    }
    reported = address;
    reportedAt = finished;
  }

  // ---- one run

  async function details() {
    const run = runs.get(active);
    put($('details-name'), run ? nameOf(run) : 'No run chosen');
    const facts = $('facts').tBodies[0];
    if (!run) {
      facts.replaceChildren();
      put($('config'), '');
      return;
    }
    const answer = await ask('/api/runs/' + run.id);
    const list = [['path', run.path], ['status', run.status], ['message', run.message], ['step', run.step], ['samples', run.samples],
      ['FLOPs', run.flops === undefined ? undefined : large(run.flops)], ['seconds', run.wall_s],
      ['updates/s', run.updates_per_s], ['samples/s', run.samples_per_s]];
    const flat = (prefix, value) => {
      if (value !== null && typeof value === 'object') for (const key of Object.keys(value)) flat(prefix ? prefix + '.' + key : key, value[key]);
      else list.push([prefix, value]);
    };
    flat('', answer.manifest || {});
    flat('result', answer.result || {});
    facts.replaceChildren(...list.filter(([, value]) => value !== undefined && value !== null && value !== '').slice(0, 300).map(([key, value]) => {
      const line = element('tr');
      const title = element('th', key);
      title.scope = 'row';
      line.append(title, element('td', typeof value === 'number' ? short(value) : String(value)));
      return line;
    }));
    put($('config'), answer.config);
  }

  // ---- tabs

  const tabs = ['curves', 'values', 'report', 'details'];

  function open(name) {
    tab = name;
    for (const each of tabs) {
      $(each).hidden = each !== name;
      $('tab-' + each).setAttribute('aria-selected', each === name);
      $('tab-' + each).tabIndex = each === name ? 0 : -1;
    }
    if (name === 'curves' && chart) chart.resize();
    refresh();
  }

  for (const name of tabs) {
    $('tab-' + name).addEventListener('click', () => open(name));
    $('tab-' + name).addEventListener('keydown', event => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(name) + step + tabs.length) % tabs.length];
      open(next);
      $('tab-' + next).focus();
    });
  }

  // ---- begin

  setInterval(() => {
    for (const [id, node] of elements) if (runs.has(id)) put(node.children[1].children[1], remark(runs.get(id)));
  }, 1000);
  new ResizeObserver(rows).observe($('list'));

  ask('/api/state').then(change => {
    take(change);
    listen();
  }, () => connection(false));
})();
