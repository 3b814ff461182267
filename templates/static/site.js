// What pages do beyond HTML. Every page works without it.
(() => {
  'use strict'
  fillZone()
  offerCopies()

  /** Takes the browser's time zone where the form still has the default. */
  function fillZone() {
    const input = document.querySelector('input[data-fill-zone]')
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (input && zone && input.value === input.defaultValue && input.value === 'UTC') input.value = zone
  }

  /** Shows the buttons that copy the text before them. */
  function offerCopies() {
    for (const button of document.querySelectorAll('[data-copy]')) {
      button.hidden = false
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(button.closest('details').querySelector('pre').textContent)
        button.textContent = 'Copied'
      })
    }
  }
})()
