// What pages do beyond HTML and htmx. Every page works without it.
(() => {
  'use strict'

  for (const button of document.querySelectorAll('[data-without-script]')) button.hidden = true
  fillZone()
  offerCopies()
  addWords()
  for (const form of document.querySelectorAll('form[data-changes]')) {
    watchChanges(form)
    orderByDrag(form)
  }

  /** Takes the browser's time zone where the form still has the default. */
  function fillZone() {
    const input = document.querySelector('input[data-fill-zone]')
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (input && zone && input.value === 'UTC') input.value = zone
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

  /** A chip adds its word, or the text it is given, to the query beside it. */
  function addWords() {
    document.addEventListener('click', (event) => {
      const chip = event.target.closest?.('[data-add], [data-term]')
      if (!chip) return
      const input = document.querySelector(
        chip.dataset.add === undefined ? '[data-box]' : `#topics-${chip.dataset.add}-query`,
      )
      if (!input) return
      event.preventDefault()
      const word = chip.querySelector('bdi')?.textContent
      const text = chip.dataset.text ?? (/\s/.test(word) ? `"${word}"` : word)
      input.value = `${input.value.trim()} ${text}`.trim()
      input.dispatchEvent(new Event('input', { bubbles: true }))
      input.focus()
    })
  }

  /** Says how many fields differ from what is stored. Undo asks for a new preview. */
  function watchChanges(form) {
    const words = form.querySelector('[data-count-changes]')
    const count = () => {
      const changed = [...form.elements].filter((one) =>
        one.type === 'checkbox'
          ? one.checked !== one.defaultChecked
          : one.defaultValue !== undefined && one.type !== 'hidden' && one.value !== one.defaultValue,
      ).length
      if (words) words.textContent = changed === 0 ? 'Nothing changed.' : `${changed} ${changed === 1 ? 'change' : 'changes'}, not saved`
      return changed
    }
    count()
    form.addEventListener('input', count)
    form.addEventListener('reset', () => setTimeout(() => form.dispatchEvent(new Event('change'), count())))
  }

  /** Rows are dragged by their handles; the numbers of their places follow. */
  function orderByDrag(form) {
    let dragged
    for (const row of form.querySelectorAll('.topic:has(.handle)')) {
      const handle = row.querySelector('.handle')
      handle.hidden = false
      handle.addEventListener('pointerdown', () => {
        row.draggable = true
      })
      row.addEventListener('dragstart', () => {
        dragged = row
        row.classList.add('dragged')
      })
      row.addEventListener('dragover', (event) => {
        if (!dragged || dragged === row) return
        event.preventDefault()
        const { top, height } = row.getBoundingClientRect()
        row[event.clientY < top + height / 2 ? 'before' : 'after'](dragged)
      })
      row.addEventListener('dragend', () => {
        row.draggable = false
        row.classList.remove('dragged')
        dragged = undefined
        ;[...form.querySelectorAll('[name=topicPlace]')].forEach((input, index) => {
          input.value = index + 1
        })
        form.dispatchEvent(new Event('input', { bubbles: true }))
      })
    }
  }
})()
