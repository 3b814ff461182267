import type { SamplePaper } from './samplePaper.ts'

/** People and machines, data, security. */
export const papersPeople: SamplePaper[] = [
  {
    title: 'Please Undo That: How People Recover From Mistakes of Voice Assistants',
    abstract:
      'Voice assistants have no undo button. Over four weeks, 36 households kept a diary of every mistake and what they did about it. Most people repeat the command louder; only one in eight asks the assistant to take it back. A short spoken confirmation that names the way back changes this within three days. We derive five guidelines for reversible speech interfaces.',
    authors: ['Marguerite Vane-Owusu', 'Silas Thistlewood'],
    keywords: ['human-computer interaction', 'voice assistants', 'error recovery'],
    peak: 35,
  },
  {
    title: 'Dark Mode Is Not Enough: Reading Comfort Across Ages and Screens',
    abstract:
      'Interfaces offer a dark mode and call it comfort. We measured reading speed, blink rate and stated comfort of 240 people between nine and ninety. Contrast matters, polarity hardly does, and line length matters more than both for readers over sixty. A slider for line length improved comfort more than any colour scheme. The effect is stable across phones and paper-like screens.',
    authors: ['Ulla Fairbrother', 'Jabari Coyne', 'Teodora Weft'],
    keywords: ['accessibility', 'reading', 'human-computer interaction'],
    peak: 48,
  },
  {
    title: 'Join Orders for the Impatient: Anytime Query Optimisation in Databases',
    abstract:
      'A database spends its effort before the query starts and regrets it afterwards. We let the query start at once with any join order and improve the order while rows are already flowing. Switching costs are bounded by a constant number of pages. On two benchmarks the first row arrives eight times sooner, and total time is never more than seven percent worse. The optimiser can be stopped at any moment.',
    authors: ['Balthazar Ngata', 'Imelda Stonecrop'],
    keywords: ['databases', 'query optimisation', 'anytime algorithms'],
    organization: 'Slow Storage Society',
    code: 'https://code.example.org/impatient-joins',
    peak: 43,
  },
  {
    title: 'The Index That Remembers Why: Provenance for Learned Data Structures',
    abstract:
      'Learned indexes answer quickly and cannot say where an answer came from. We attach to each leaf a summary of the training keys that shaped it, in four bytes. When an answer is wrong, the summary names the batch of inserts to blame. Lookups slow down by three percent. In a production-like trace, the time to find a corrupted load fell from hours to a minute.',
    authors: ['Verity Osmond-Kaur', 'Lucan Brightwater'],
    keywords: ['learned indexes', 'provenance', 'databases'],
    peak: 26,
  },
  {
    title: 'Passwords Grandparents Keep: A Two-Year Study of Memorable Secrets',
    abstract:
      'Advice on passwords is tested on students for a week. We followed 118 people over seventy for two years. Phrases tied to a place they had lived in were recalled by 94 percent, random words by 41. Guessing attacks that know the biography succeed against a third of those phrases, unless one word is replaced by a nonsense word. With that change, memory drops by only three points.',
    authors: ['Eleutheria Marsh', 'Obadiah Kimwell'],
    keywords: ['security', 'passwords', 'older adults'],
    peak: 59,
  },
  {
    title: 'Quiet Channels: Leaking Secrets Through the Fan of a Laptop',
    abstract:
      'A laptop fan changes its pitch with the load of the processor. We modulate the load and receive the pitch with a telephone in the next room. The channel carries nine bits per second through a closed door, enough for a key in half a minute. Randomising the fan curve stops it at a cost of two degrees. We informed no vendor because the laptops in this study do not exist.',
    authors: ['Zephyrine Kolk', 'Matthias Underhill-Roy', 'Bibiana Storr'],
    keywords: ['security', 'side channels', 'acoustics'],
    peak: 91,
  },
  {
    title: 'Backdoors in the Supply of Data: Detecting Poison by Its Loneliness',
    abstract:
      'Poisoned training examples resemble each other and nothing else. We measure how lonely an example is: how little its removal changes the loss of examples outside its own cluster. Ranking by loneliness finds nine of ten planted backdoors in image and text sets. It needs one training run and no clean data. An attacker who knows the test must spend thirty times as many examples.',
    authors: ['Fintan Abernethy-Diallo', 'Wilhelmina Soot'],
    keywords: ['security', 'data poisoning', 'robustness'],
    peak: 74,
  },
  {
    title: 'Consent Forms as Code: Checking What an App May Do Against What It Says',
    abstract:
      'Nobody reads consent forms, not even the programs they bind. We translate forms into a small policy language and check app traffic against it while the app runs. Of 400 apps written for the study by volunteers, 71 sent something their own form excluded. Most of these were accidents in a library. Showing developers the violated sentence, and not the packet, got three quarters of them fixed within a day.',
    authors: ['Leopoldine Achebe-Stone', 'Garrick Flaxman'],
    keywords: ['privacy', 'formal methods', 'consent'],
    peak: 37,
  },
  {
    title: 'Streams That Forgive: Exactly-Once Processing With Late and Lost Events',
    abstract:
      'Stream processors promise exactly-once results as long as nothing is late. We model lateness as a debt that an operator may carry and must repay. Results are published with the debt they still carry, so that a reader knows what may change. The state kept for repayment stays under two percent of the stream in all traces. Downstream systems stopped keeping their own shadow copies.',
    authors: ['Euphemia Ballard-Wen', 'Kwabena Northcote'],
    keywords: ['stream processing', 'databases', 'fault tolerance'],
    organization: 'Slow Storage Society',
    peak: 32,
  },
  {
    title: 'Museum Labels by Committee: Writing With Three Models and One Curator',
    abstract:
      'A museum label has sixty words and many opponents. We let three models draft, criticise and shorten, and one curator decide. Visitors remembered more from these labels than from those the curator wrote alone. The curator spent the same time but reported less dread. Disagreement between the models turned out to be the best predictor of an interesting label.',
    authors: ['Araminta Soldaro', 'Hendrik Palewicz'],
    keywords: ['writing assistance', 'human-computer interaction', 'museums'],
    peak: 40,
  },
]
