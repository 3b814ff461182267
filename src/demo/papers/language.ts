import type { SamplePaper } from './samplePaper.ts'

export const papersLanguage: SamplePaper[] = [
  {
    title: 'Think Once, Cite Twice: Verifiable Reasoning in Small Language Models',
    abstract:
      'Small language models reason fluently and cite nothing. We require every step of a chain to name two earlier lines that support it, and reject chains in which a line supports itself. A model of one billion parameters trained this way loses a little accuracy on puzzles and gains the ability to be checked by a short program. In a study, people found planted errors in half the time. The format costs thirty percent more tokens.',
    authors: ['Eudora Finchley-Osei', 'Caspian Rook', 'Yara Lindholm-Tan'],
    keywords: ['language model', 'reasoning', 'verification'],
    organization: 'Plainspoken AI',
    code: 'https://code.example.org/cite-twice',
    peak: 142,
  },
  {
    title: 'Forgetting on Purpose: Editing a Transformer Without Side Effects',
    abstract:
      'Removing one fact from a transformer tends to damage its neighbours. We measure this damage with a thousand questions that are near the fact in meaning but independent of it in truth. Existing editors change eleven percent of those answers. Adding the questions to the edit as constraints brings the damage below one percent at twice the cost. Facts that were learned from many paraphrases resist every method we tried.',
    authors: ['Lazlo Winterbourne', 'Nkechi Abelard'],
    keywords: ['model editing', 'transformer', 'unlearning'],
    peak: 76,
  },
  {
    title: 'The Long Tail of Languages: Tokens, Fairness and the Price of a Sentence',
    abstract:
      'The same sentence costs four times as many tokens in one language as in another, and users pay by the token. We list this price for 212 languages and nine language models. Larger vocabularies help less than expected, because new entries go to languages that were already cheap. Reassigning two percent of the vocabulary by a simple auction removes half of the inequality. Quality in the dear languages rises, and nobody else notices.',
    authors: ['Anahera Coldwell', 'Piotr Sandoval-Reed', 'Mirembe Asher'],
    keywords: ['tokenization', 'multilingual', 'fairness'],
    organization: 'Plainspoken AI',
    peak: 97,
  },
  {
    title: 'A Survey of Surveys: What Three Hundred Overviews of Language Models Agree On',
    abstract:
      'There are now more surveys of language models than anyone can survey. We read three hundred of them, of which we invented all, and extract the claims they share. Only nineteen claims appear in more than half, and four of these contradict each other. Later surveys cite earlier surveys more than primary work. We propose a checklist of seven questions that a new survey should answer before it is written.',
    authors: ['Hesper Montague-Lau', 'Ewan Dunmore'],
    keywords: ['survey', 'language model', 'meta-research'],
    peak: 44,
  },
  {
    title: 'Speculative Drafting With Shared Silence: Faster Decoding at No Loss',
    abstract:
      'Speculative decoding drafts words with a small model and checks them with a large one. Much of the time both are certain, and the check is wasted. We learn when the draft can stay silent and let runs of certain tokens pass in one piece. Decoding becomes 1.9 times faster than with the usual scheme, and the output distribution is provably the same. The gain vanishes for poetry.',
    authors: ['Torvald Quince', 'Abiola Marchetti'],
    keywords: ['speculative decoding', 'inference', 'language model'],
    code: 'https://code.example.org/shared-silence',
    peak: 118,
  },
  {
    title: 'Do Agents Read the Manual? Tool Use When Documentation Is Wrong',
    abstract:
      'Agents that call tools trust the documentation they are given. We falsify one sentence in the manuals of sixty tools and watch what happens. Agents follow the false sentence in 83 percent of the cases, even after the tool has returned an error that names the truth. Making the agent restate the error before its next call cuts this to 31 percent. Longer manuals are trusted more than short ones.',
    authors: ['Clementine Rask', 'Musa Hollingbrook', 'Ines Varga-Whyte'],
    keywords: ['agents', 'tool use', 'robustness'],
    peak: 109,
  },
  {
    title: 'Retrieval at the Speed of Gossip: Decentralised Search for Question Answering',
    abstract:
      'Retrieval-augmented answering assumes one index that holds everything. We spread the documents over two hundred machines that each know a few neighbours and pass on questions they cannot answer. Four rounds of gossip reach 95 percent of the recall of the central index. No machine stores more than one percent of the text. Rumours, here in the sense of stale copies, die out within a minute.',
    authors: ['Philomena Strake', 'Ganzorig Ellwood'],
    keywords: ['retrieval', 'question answering', 'distributed systems'],
    peak: 52,
  },
  {
    title: 'Grammar as Curriculum: Teaching Transformers Syntax Before Facts',
    abstract:
      'Children learn how sentences work long before they learn capitals. We pretrain transformers on grammatical nonsense for the first tenth of their budget and on text thereafter. At the end they match the baseline on facts and exceed it on long-range agreement. The effect is largest for languages with free word order. Reversing the order, facts before syntax, is worse than no curriculum.',
    authors: ['Solveig Acheampong', 'Rufus Delacroft-Wu'],
    keywords: ['curriculum learning', 'syntax', 'transformer'],
    peak: 63,
  },
  {
    title: 'When Reasoning Hurts: Overthinking in Arithmetic and Everyday Advice',
    abstract:
      'Longer chains of reasoning are assumed to help. We vary their length while holding the question fixed, for arithmetic and for everyday advice. Accuracy in arithmetic peaks at a length that grows with the number of digits and then declines. For advice, readers prefer the shortest answer in two thirds of all pairs. A stopping rule of one line recovers most of the loss.',
    authors: ['Octavia Brandreth', 'Sefu Lindgard'],
    keywords: ['reasoning', 'language model', 'efficiency'],
    peak: 85,
  },
]
