import type { SamplePaper } from './samplePaper.ts'

/**
 * Titles and abstracts that are hard to read correctly: text that looks like markup, TeX, quotes, other scripts,
 * emoji, hard line breaks.
 */
export const papersOdd: SamplePaper[] = [
  {
    title: 'Sorting in $\\mathcal{O}(n \\log \\log n)$ Expected Swaps With $\\epsilon$-Honest Comparators',
    abstract:
      'We sort $n$ items with comparators that lie with probability $\\epsilon < \\frac{1}{4}$. Our algorithm uses $\\mathcal{O}(n \\log \\log n)$ expected swaps and at most $n^{1/2}$ words of memory. The analysis rests on a coupling with a walk on $\\mathbb{Z}^2$ that returns to the origin. A lower bound of $\\Omega(n)$ is immediate, and closing the gap is left open. Experiments with $n = 10^6$ agree with theory to within 3\\%.',
    authors: ['Zs\\\'ofia Ver\\"oszirt', 'Bj{\\o}rn Halvlunde'],
    keywords: ['sorting', 'randomised algorithms', 'noise'],
    peak: 30,
  },
  {
    title: 'Make It <b>Bold</b>: Do Language Models Obey Markup They Were Not Given?',
    abstract:
      'Text on the web is full of tags such as <b>, <script>alert("boo")</script> and &amp; that mean something to a browser and nothing to a reader. We ask whether language models treat them as instructions. Models print a tag back unchanged in 60 percent of cases and act upon it in 20. Escaping it as &lt;b&gt; reduces both numbers. We close with advice for anyone who shows titles like ours on a page.',
    authors: ['Bobbie "Tables" Quarrel', 'O’Malley D’Arcy-Finn'],
    keywords: ['markup', 'language model', 'robustness'],
    peak: 87,
  },
  {
    title: 'לקרוא מימין לשמאל: Bidirectional Text and the Order of Attention',
    abstract:
      'Texts that mix directions, such as שלום עולם inside an English sentence, are stored in one order and read in another. We show that attention heads follow the stored order and miss dependencies that a reader sees as neighbours. Adding the display position as a second coordinate repairs this. The gain appears in Hebrew, Arabic (مثال قصير) and mixed arithmetic. Purely English text is unaffected.',
    authors: ['Noga Ben-Tsur Halevane', 'Rashid al-Qamarawi'],
    keywords: ['bidirectional text', 'attention', 'multilingual'],
    peak: 56,
  },
  {
    title: '🤖 + 🐙 = ? Composing Emoji Meanings With Tensor Products 🧮',
    abstract:
      'Two emoji side by side mean more than their sum. We collect 9,000 guesses for pairs such as 🤖🐙 and 👩‍🚀🌊 and fit compositional models to them. A tensor product of modest rank explains most guesses; addition explains one third. Families such as 👨‍👩‍👧‍👦 behave as single symbols. The order of the pair matters for verbs and not for animals.',
    authors: ['Pixie Vandermoor', 'Goro Tanglewood'],
    keywords: ['emoji', 'compositionality', 'semantics'],
    peak: 113,
  },
  {
    title: '"Is This a \'Title\'?": Quotation, Irony & the Limits of String Matching',
    abstract:
      'Quotation marks can mean citation, distance or mockery. We annotate 3,000 titles that contain "double", \'single\' or „German“ quotes and predict which of the three is meant. Context of one abstract suffices in most cases. String matching on titles, still common in catalogues, confuses a quoted title with the work itself in every ninth case. We offer a normaliser and a warning.',
    authors: ["Siobhán O'Quillane", 'Jean-Luc d’Orme & Cie'],
    keywords: ['quotation', 'irony', 'text matching'],
    peak: 28,
  },
  {
    title: 'A Title Broken\n  Over Three Lines\n  By a Careful Typesetter',
    abstract:
      'Some archives store titles and abstracts\nwith the line breaks of the printed page.\nWe study what these breaks do to search engines,\nwhich take a word at the end of one line and a word at the beginning of the next\nfor strangers. Joining lines before indexing recovers four percent of lost matches.\nThe cost is one pass over the text.',
    authors: ['Typhaine Interligne', 'Marcus Lede'],
    keywords: ['text normalisation', 'search', 'archives'],
    peak: 22,
  },
  {
    title: '小さな庭の深層学習 (Deep Learning for Small Gardens)',
    abstract:
      'Garden plots are too small for satellites and too many for surveys. We photograph plots from balconies and estimate the yield of 庭 crops by counting leaves. Twelve balconies in an imaginary suburb were enough to train the model. Tomatoes are estimated within 200 grams, herbs not at all. Neighbours agreed to be part of the study in exchange for basil.',
    authors: ['Nanami Aokusa', '林 小庭'],
    keywords: ['agriculture', 'vision', 'small data'],
    peak: 46,
  },
  {
    title: 'Why μ-Scale & 100% <Safe> C++ "Still" Breaks; or, ΔT > 5°C Considered Harmful',
    abstract:
      'Embedded controllers pass every test at room temperature and fail in the sun. We trace eleven such failures to comparisons like a<b && c>d that overflow when a sensor drifts by more than 5°C. A type that carries its unit and range finds nine of them at compile time. The remaining two are in the sensors. Field logs of one invented summer support the diagnosis.',
    authors: ['Ångström Lütke-Bayer', 'Renée Çelik-Nuñez'],
    keywords: ['embedded systems', 'types', 'reliability'],
    peak: 50,
  },
]
