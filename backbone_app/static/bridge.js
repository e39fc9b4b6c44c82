/*
 * Every request of these pages carries a token of Jira's, and fetching one takes time.
 *
 * htmx asks `htmx:confirm` before each request (click, submit, load, poll). We hold the
 * request there, fetch the token from Jira's page, and let it go on; without a token it
 * never leaves. A token that was refused (401) is replaced once.
 *
 * Loaded before htmx: the launch address holds a token of its own, and htmx would copy
 * the address into the session storage.
 */
(() => {
  'use strict';

  history.replaceState(null, '', location.pathname); // first of all: the launch token leaves the address

  const byId = (id) => document.getElementById(id);
  const on = (name, handler) => document.addEventListener(name, handler);
  const notice = (text) => { byId('notice').textContent = text; };

  const TOKEN_PATIENCE_MS = 8000; // a frame that Jira does not know waits for ever otherwise

  // Element -> its request under way. htmx's own guards begin when the request is sent,
  // which is after the wait for the token: a double click would send twice.
  const jobs = new WeakMap();
  let waiting = null; // one question to Jira serves everybody who asks meanwhile

  const askJira = () => new Promise((resolve, reject) => {
    if (!window.AP?.context) {
      reject(new Error('Open this page inside Jira: Space settings > Backbone Work Sync.'));
      return;
    }
    setTimeout(reject, TOKEN_PATIENCE_MS, new Error('Jira did not answer. Reload the page.'));
    // The callback form works in every version of the bridge; a refusal arrives as undefined.
    window.AP.context.getToken((jwt) => {
      if (jwt) resolve(jwt);
      else reject(new Error('Jira gave no token. Reload the page.'));
    });
  });

  const token = () => {
    waiting ||= askJira().finally(() => { waiting = null; });
    return waiting;
  };

  // The browser gives the focus back to what had it; a menu's item is out of sight by then, its menu is not.
  const confirmed = (question) => new Promise((resolve) => {
    const dialog = byId('ask');
    const menu = document.activeElement?.closest('.menu');
    byId('ask-text').textContent = question;
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      menu?.querySelector('summary').focus();
      resolve(dialog.returnValue === 'yes');
    }, { once: true });
    dialog.showModal();
  });

  const send = async (element, job) => {
    job.sent = false;
    try {
      job.jwt = await token();
      job.issue(true);
    } catch (error) {
      notice(error.message);
    }
    if (!job.sent) jobs.delete(element); // it never left: element gone or form invalid
  };

  // A poll must not close the menu a person has open, nor run behind a hidden tab.
  const polling = (element, event) => !event && /\bevery\b/.test(element.getAttribute('hx-trigger'));
  const unwelcome = () => document.hidden || document.querySelector('.menu[open], dialog[open]');

  // Polls slow down: while nothing changes each pause is twice the one before, up to a minute, but only
  // after a while, since most people look on for that long; after an error at once.
  // What comes anew is asked for as often as it wishes, and everything is once the person looks again.
  const PATIENT_POLLS = 12;
  const LONGEST_PAUSE_S = 60;
  let fruitless = new WeakMap(); // poll's element -> how often in a row it brought nothing, and until when it rests
  const resting = (element) => Date.now() < (fruitless.get(element)?.until ?? 0);
  const rest = (element, xhr) => {
    const failed = xhr.status !== 204;
    const before = fruitless.get(element)?.times ?? 0;
    const times = failed ? Math.max(before, PATIENT_POLLS) + 1 : before + 1;
    const wish = Number(/\bevery (\d+)s/.exec(element.getAttribute('hx-trigger'))[1]);
    const pause = Math.min(wish * 2 ** Math.max(0, times - PATIENT_POLLS), Math.max(wish, LONGEST_PAUSE_S));
    const asked = Number(xhr.getResponseHeader('Retry-After')) || 0;
    // A little early, or the tick at its end would be missed by a hair.
    fruitless.set(element, { times, until: Date.now() + (Math.max(pause, asked) - wish / 2) * 1000 });
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) fruitless = new WeakMap();
  });

  on('htmx:confirm', async (confirmation) => {
    const { elt, issueRequest, question, triggeringEvent } = confirmation.detail;
    confirmation.preventDefault();
    const poll = polling(elt, triggeringEvent);
    if (jobs.has(elt) || (poll && (unwelcome() || resting(elt)))) return;
    const job = {
      issue: issueRequest,
      poll,
      tries: 0,
      button: triggeringEvent?.submitter,
      byPerson: Boolean(triggeringEvent),
    };
    jobs.set(elt, job);
    if (job.byPerson) notice(''); // a part of the page that loads by itself lets it stand
    if (question && !(await confirmed(question))) {
      jobs.delete(elt);
      return;
    }
    send(elt, job);
  });

  on('htmx:configRequest', (request) => {
    const { elt, headers, parameters } = request.detail;
    const job = jobs.get(elt);
    if (!job?.jwt) {
      request.preventDefault(); // fail closed
      return;
    }
    headers.Authorization = `JWT ${job.jwt}`;
    headers.Accept = 'text/html'; // errors as a sentence for people, not as JSON
    delete headers['HX-Current-URL']; // may hold the launch address
    // htmx forgets the pressed button when the focus moves during the wait.
    if (job.button?.name) parameters[job.button.name] = job.button.value;
  });

  on('htmx:beforeSend', (sending) => {
    const job = jobs.get(sending.detail.requestConfig.elt);
    if (job) job.sent = true;
  });

  on('htmx:beforeOnLoad', (answer) => {
    const job = jobs.get(answer.detail.requestConfig.elt);
    if (answer.detail.xhr.status !== 401 || !job || job.tries > 0) return;
    job.tries += 1;
    job.again = true;
    answer.preventDefault();
  });

  on('htmx:afterRequest', (answer) => {
    const { elt } = answer.detail.requestConfig;
    const job = jobs.get(elt);
    if (job?.again) {
      job.again = false;
      send(elt, job); // only now has htmx released the element
      return;
    }
    jobs.delete(elt);
    const { status } = answer.detail.xhr;
    if (job?.poll && status !== 200) rest(elt, answer.detail.xhr);
    if (status === 401) notice('Your session has ended. Reload the page.');
    else if (!status) notice('Backbone could not be reached. Check your connection, then try again.');
  });

  // After a person's step the focus goes where reading goes on: the first field in error, else the heading.
  // So it does where a part of a page has the whole page go on by itself: what had the focus is gone.
  // Not before htmx has settled, which brings new buttons to life.
  let stepped = false;
  on('htmx:afterSwap', (swap) => {
    const { target, requestConfig } = swap.detail;
    const wentOn = requestConfig.target !== target;
    stepped = target.id === 'content' && (wentOn || Boolean(jobs.get(requestConfig.elt)?.byPerson));
  });
  on('htmx:afterSettle', () => {
    if (!stepped) return;
    stepped = false;
    const content = byId('content');
    (content.querySelector('[aria-invalid="true"]') || content.querySelector('h1'))?.focus();
  });

  // A poll brings the new state of what a person is reading: what they have unfolded stays so.
  // (The focus stays too: htmx looks for the element of the same id.)
  let unfolded = [];
  on('htmx:beforeSwap', ({ detail }) => {
    const { target, requestConfig } = detail;
    // Opened while the poll was under way: what it brought is asked for again once the menu is closed.
    if (jobs.get(requestConfig.elt)?.poll && unwelcome()) detail.shouldSwap = false;
    unfolded = [...target.querySelectorAll('details[open][id]')].map(({ id }) => id);
  });
  on('htmx:afterSwap', () => {
    for (const id of unfolded) byId(id)?.setAttribute('open', '');
  });

  on('app:flag', ({ detail: { title, body, type } }) => {
    window.AP?.flag?.create({ title, body, type, close: 'auto' });
  });

  // A ticket's address, which the browser fetches by itself and once; nothing else is worth a click of ours.
  on('app:download', ({ detail: { url } }) => {
    const { href, origin, pathname } = new URL(url, location.origin);
    if (origin !== location.origin || !/\/downloads\/[\w-]+$/.test(pathname)) return;
    const link = document.createElement('a');
    link.href = href;
    link.download = '';
    link.click();
  });

  window.AP?.theming?.initializeTheming();
})();
