// The report page, live: asks for the document again when a run has finished.
'use strict';
(() => {
  const asked = new URLSearchParams(location.search).getAll('id').map(id => 'id=' + encodeURIComponent(id)).join('&');
  const state = document.getElementById('state');
  let busy = false;
  let again = false;

  async function load() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const answer = await fetch('/api/report?' + asked, {cache: 'no-store'});
        if (answer.ok) {
          lotReport.show(await answer.json());
          state.textContent = 'As of ' + new Date().toLocaleTimeString() + '. Charts: Apache ECharts (Apache License 2.0).';
        } else {
          state.textContent = (await answer.text()).slice(0, 500);
        }
      } while (again);
    } catch (failure) {
      state.textContent = 'No answer from lot watch.';
    } finally {
      busy = false;
    }
  }

  if (window.top === window) {
    // Alone in its tab: it listens itself. The tab's address has no token (a cookie has it).
    let finished = '';
    new EventSource('/events').addEventListener('change', event => {
      const change = JSON.parse(event.data);
      const now = change.about.map(row => row.finished).join();
      if (now && now !== finished) {
        finished = now;
        load();
      }
    });
  } else {
    // Inside the live page, which says when.
    addEventListener('message', event => {
      if (event.origin === location.origin && event.source === window.parent && event.data === 'again') load();
    });
    load();
  }
})();
