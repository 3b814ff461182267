import type { SamplePaper } from './samplePaper.ts'

export const papersLife: SamplePaper[] = [
  {
    title: 'FoldWeather: Forecasting How a Protein Moves, Hour by Hour',
    abstract:
      'Structure predictors give one still image of a protein, while its function lies in how it moves. Borrowing from weather forecasting, FoldWeather predicts an ensemble of short trajectories and scores them by how quickly they diverge. Regions that diverge early are those that experiments find flexible. The method needs a single structure as its start and minutes of computation. On thirty invented test proteins it ranks flexible loops as well as a week of simulation.',
    authors: ['Salome Birchgate', 'Anselm Okonjura', 'Kirra Duval-Stone'],
    keywords: ['protein dynamics', 'ensemble forecasting', 'structure prediction'],
    organization: 'Tidepool Biology',
    code: 'https://code.example.org/foldweather',
    peak: 93,
  },
  {
    title: 'A Field Guide Written by a Network: Explaining Bird Species Recognition in Words',
    abstract:
      'Species recognisers are accurate and silent about their reasons. We train one to write the line a field guide would print: the mark that separates this bird from its nearest look-alike. The sentences are checked by asking a second model to identify the bird from the sentence alone. Birdwatchers learned twelve confusing species faster from these lines than from labelled photographs. Three of the marks were new to the authors of the guide.',
    authors: ['Rowan Testerly', 'Ifeoma Glass'],
    keywords: ['species recognition', 'explanation', 'biodiversity'],
    peak: 61,
  },
  {
    title: 'Counting Cells That Touch: Instance Segmentation by Heat Flow',
    abstract:
      'Cells in a dish touch, overlap and defeat counting. We place a small heat source in the middle of each cell and train a network to predict the temperature after one unit of time. Following the heat uphill separates touching cells without any notion of shape. The method counts within two percent on nine kinds of tissue drawn for this study. It is slower than a watershed and needs no tuning between tissues.',
    authors: ['Magnus Teal', 'Yevgenia Sparrowhill'],
    keywords: ['cell segmentation', 'microscopy', 'biology'],
    peak: 36,
  },
  {
    title: 'Genome Text Is Not Natural Text: Tokenizers for DNA Revisited',
    abstract:
      'Language models for the genome inherit tokenizers that were made for English. We compare nine ways of cutting DNA into tokens on the same budget of bases. Fixed triplets that ignore the reading frame are the worst, and overlapping tokens leak their neighbours. A tokenizer that cuts at short palindromes wins on splice sites and loses on promoters. We conclude that no single tokenizer serves a whole genome, and give a rule for choosing.',
    authors: ['Bartholomew Nkemsun', 'Delphine Ashgrove', 'Uli Farrand'],
    keywords: ['genome', 'tokenization', 'language model'],
    organization: 'Helix Street Lab',
    peak: 54,
  },
  {
    title: 'What the Reef Heard: Acoustic Monitoring of Coral Biodiversity With Sparse Labels',
    abstract:
      'A healthy coral reef is loud. We recorded nothing at sea; instead we simulate reefs with known species and ask how few labels an acoustic monitor needs. With forty labelled minutes a contrastive model recovers the true ranking of reefs by biodiversity. Boat noise is the main confounder, and removing it matters more than model size. The simulator is small enough to run in a classroom.',
    authors: ['Oriana Kestrelby', 'Tomasi Wrenfield'],
    keywords: ['bioacoustics', 'coral reef', 'few-shot learning'],
    peak: 42,
  },
  {
    title: 'Enzymes by Analogy: Retrieval-Guided Protein Design With Small Libraries',
    abstract:
      'Designing an enzyme usually begins with a library of thousands of variants. We retrieve enzymes that solve a similar chemical problem in an unrelated fold and transplant only the geometry of their active site. Twenty candidates are enough to find one with measurable activity in our simulated assay. Retrieval fails where no analogue exists, and the method says so before any candidate is built. This makes protein design affordable for small groups.',
    authors: ['Casimir Holloway-Ngo', 'Freya Lindquarry', 'Ansu Bellweather'],
    keywords: ['protein design', 'retrieval', 'enzymes'],
    organization: 'Tidepool Biology',
    peak: 67,
  },
  {
    title: 'Slow Mold, Fast Graphs: Biologically Grounded Routing Under Failure',
    abstract:
      'Slime mold finds short paths between food sources and keeps a few spare ones. We translate its rule of strengthening busy tubes into a routing protocol with one parameter. After a link fails, traffic flows again within two rounds, and no node ever knows the whole graph. The spare capacity costs eleven percent. We prove that the rule converges on any connected network and give an example on which it is slow.',
    authors: ['Quillon Mbeki-Hart', 'Serafina Dross'],
    keywords: ['network routing', 'biology', 'distributed algorithms'],
    peak: 24,
  },
  {
    title: 'Single-Cell Atlases Forget the Rare: An Audit of Integration Methods',
    abstract:
      'Integrating single-cell data removes differences between laboratories and, with them, rare cells. We plant known rare populations into twelve public-looking atlases and count how many survive. The most popular method erases any population below one in two thousand. Lowering its strength saves the cells and brings the laboratories back. A simple warning, computed before integration, tells which clusters are at risk.',
    authors: ['Hyacinth Moreau-Bell', 'Dmitri Saltmarsh'],
    keywords: ['single-cell', 'batch effects', 'audit'],
    peak: 29,
  },
  {
    title: 'Letters From the Root: Detecting Plant Stress in Soil Chemistry Before Leaves Show It',
    abstract:
      'A thirsty plant tells the soil days before its leaves droop. We measure eight ions around the roots of potted tomatoes every hour and train a small model to raise an alarm. Drought is detected 50 hours earlier than by leaf images, salt stress 30 hours earlier. The sensors drift, and a reference pot without a plant corrects them. Growers in the trial watered less and lost no fruit.',
    authors: ['Jessamy Fieldgate', 'Amadou Rothwell', 'Linh Carroway'],
    keywords: ['plant biology', 'sensors', 'agriculture'],
    peak: 37,
  },
]
