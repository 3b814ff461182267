import type { SamplePaper } from './samplePaper.ts'

/** Vision, generation, theory of learning. */
export const papersLearning: SamplePaper[] = [
  {
    title: 'Diffusion in Reverse Gear: Restoring Old Film Without Hallucinated Faces',
    abstract:
      'Diffusion models restore old film beautifully and give the actors new faces. We run the model only on the residual that a classical filter cannot explain, and stop it where a face detector grows uncertain. Archivists compared forty restored minutes with the original negatives. They found two invented details, against 97 from the unrestricted model. Restoration takes three times as long.',
    authors: ['Ambrose Vantongeren', 'Keziah Lowmoor', 'Tuva Espinal-Ray'],
    keywords: ['diffusion models', 'restoration', 'video'],
    organization: 'Celluloid Commons',
    project: 'https://reverse-gear.example.org',
    peak: 121,
  },
  {
    title: 'How Many Photographs Make a Chair? Sample Limits of 3D Reconstruction',
    abstract:
      'Reconstruction from few images depends on what the network already knows about chairs. We separate prior from evidence by reconstructing chairs that cannot exist. Below four photographs the prior decides everything; above nine it does not matter. In between, the two fight, and the result is worse than either. A simple test tells which regime an object is in.',
    authors: ['Isolde Ferncastle', 'Babatunde Kray'],
    keywords: ['3d reconstruction', 'vision', 'priors'],
    peak: 65,
  },
  {
    title: 'Small Batches, Long Memories: A Bound for Sequential Learners That Rest',
    abstract:
      'Biological learners rest between batches, artificial ones do not. We study stochastic gradient descent with pauses in which old gradients are replayed from a fading memory. A bound shows that the benefit of a pause grows with the logarithm of the memory. Experiments on eight data sets follow the bound within a factor of two. Resting too often is as bad as never resting.',
    authors: ['Theodosia Lingard', 'Emrys Haldane-Cho'],
    keywords: ['learning theory', 'optimisation', 'replay'],
    peak: 34,
  },
  {
    title: 'Graph Neural Networks on Maps of Nowhere: Generalising Across Cities',
    abstract:
      'A graph neural network trained on the traffic of one city fails in the next. We train on two thousand invented cities, drawn by a grammar of rivers, hills and ring roads. The network then predicts traffic in real-looking cities it has never seen as well as one trained on them for a month. Dead ends are the hardest part of any town. The grammar is four pages long.',
    authors: ['Marceline Obuya', 'Thornton Weisz'],
    keywords: ['graph neural network', 'traffic', 'generalisation'],
    code: 'https://code.example.org/maps-of-nowhere',
    peak: 77,
  },
  {
    title: 'Sparse Experts Share a Kitchen: Memory-Bound Mixtures on One Device',
    abstract:
      'Mixtures of experts assume that every expert fits into memory. On one device they do not. We let experts share most of their weights as common ingredients and keep only a small recipe each. Sixty-four experts then fit where eight did, with the loss of a model three times as large. Loading a recipe takes less time than computing a token. The approach trains from scratch on a single card in nine days.',
    authors: ['Gulliver Ramanez', 'Oyinda Thackery'],
    keywords: ['mixture of experts', 'efficiency', 'transformer'],
    peak: 99,
  },
  {
    title: 'Captions That Admit Doubt: Calibrated Descriptions for Blind Readers',
    abstract:
      'Image captions sound certain, and blind readers cannot check them. We train a captioner to hedge with five fixed phrases whose frequencies of error are measured and published. Readers adjust their trust to the phrases within ten images. Decisions based on captions improve, although the captions themselves are less accurate by one point. Readers asked to keep the phrases after the study.',
    authors: ['Ottilie Samarkand', 'Fergus Nyland', 'Chidinma Vale'],
    keywords: ['image captioning', 'accessibility', 'calibration'],
    organization: 'Clear Sight Collective',
    peak: 82,
  },
  {
    title: 'Video Models Dream of Doors: Object Permanence in Generated Footage',
    abstract:
      'A person who leaves through a door should come back through a door. We test whether video generators remember what they no longer show. After five seconds out of frame, clothes change colour in half of all clips and people change number in a tenth. A register of unseen objects, updated with every frame, removes most of these errors. The register is readable, and editing it edits the film.',
    authors: ['Cyprian Adewole-Marsh', 'Linnet Graypool'],
    keywords: ['video generation', 'object permanence', 'diffusion models'],
    peak: 95,
  },
  {
    title: 'Uncertainty You Can Hear: Confidence as Tone in Spoken Answers',
    abstract:
      'Speech synthesis delivers right and wrong answers in the same confident voice. We map the probability of an answer to pitch, pace and pause, as people do without thinking. Listeners identified doubtful answers in 81 percent of cases without being told about the mapping. Their final decisions improved by a tenth. A monotone voice that states its confidence in numbers did no better than silence.',
    authors: ['Evadne Sorrel-Abara', 'Maxim Thornebury'],
    keywords: ['speech synthesis', 'uncertainty', 'human-computer interaction'],
    peak: 60,
  },
  {
    title: 'Pruning by Season: Networks That Shed and Regrow Their Weights',
    abstract:
      'Trees drop their leaves when keeping them costs too much. We let a network shed weights whenever the loss has been flat for a while and regrow them elsewhere when it falls again. After three seasons a tenth of the weights is left and accuracy is that of the full network. The final structure differs from run to run while its predictions do not. Sparse hardware is needed to turn the saving into speed.',
    authors: ['Autumn Delacruz-Finn', 'Oswin Karapet'],
    keywords: ['pruning', 'sparsity', 'optimisation'],
    peak: 71,
  },
]
