import type { SamplePaper } from './samplePaper.ts'

export const papersSkySea: SamplePaper[] = [
  {
    title: 'Rain in Ten Minutes: Nowcasting for Towns Without Radar',
    abstract:
      'Weather radar covers the rich half of the map. We nowcast rain for towns without radar from satellite images and the rain sensors in parked cars. The model predicts the next ten minutes at a resolution of 500 metres. Its false alarms are no more frequent than those of a radar-based service, and its misses concentrate on hail. A town needs about sixty cars to benefit.',
    authors: ['Adaeze Millbrook', 'Stellan Fairweather', 'Itzel Groves'],
    keywords: ['weather', 'nowcasting', 'remote sensing'],
    organization: 'Open Sky Forecast',
    peak: 70,
  },
  {
    title: 'Ocean Eddies as Tokens: A Transformer for Sea Surface Currents',
    abstract:
      'The ocean is full of eddies, and grid models blur them. We describe the sea surface as a set of eddies, each a token with position, spin and age, and let a transformer predict the set a week ahead. Eddies are tracked 40 percent longer than by a grid model of the same cost. Coastal currents, which are not made of eddies, remain a weakness. The token view makes it easy to see which eddy caused which forecast.',
    authors: ['Lorcan Seabright', 'Makena Holm', 'Vidalia Orsk'],
    keywords: ['ocean', 'transformer', 'forecasting'],
    peak: 57,
  },
  {
    title: 'Galaxies Seen Sideways: Correcting Inclination With Normalizing Flows',
    abstract:
      'A galaxy seen from the side hides its arms. We train a normalizing flow on simulated galaxies viewed from all directions and use it to turn observed ones face on. The flow gives many answers where dust leaves the view open, and their spread is honest in tests with known truth. Catalogues of spiral arms grow by a fifth. We release none of the telescope images because we have none.',
    authors: ['Evander Moonlake', 'Tirza Applegarth'],
    keywords: ['galaxy', 'normalizing flows', 'astronomy'],
    peak: 49,
  },
  {
    title: 'A Telescope That Asks: Active Scheduling for Transient Follow-Up',
    abstract:
      'New transients appear faster than telescopes can look at them. We treat each exposure as a question and choose the one that is expected to settle most classifications by morning. A network of three small telescopes then classifies as many transients as five under a greedy schedule. Clouds are part of the model, not an exception. The scheduler explains each choice in a sentence, which observers came to rely on.',
    authors: ['Honorine Blackwell-Sato', 'Uche Darrowby'],
    keywords: ['telescope scheduling', 'active learning', 'astronomy'],
    organization: 'Three Hills Observatory',
    peak: 41,
  },
  {
    title: 'Downscaling Climate Projections Without Inventing Mountains',
    abstract:
      'Generative downscaling turns coarse climate projections into detailed maps, some details of which do not exist. We find invented valleys in four of six published approaches rebuilt for this study. Conditioning on terrain alone does not help; penalising features that survive when the terrain is swapped does. The remaining maps are less pretty and more right. Hydrologists can use them without a manual check for the first time.',
    authors: ['Gwendal Okafor-Lynch', 'Sunita Ravenhurst', 'Bram Tollgate'],
    keywords: ['climate', 'downscaling', 'generative models'],
    peak: 62,
  },
  {
    title: 'Glacier Diaries: Thirty Years of Melt From Holiday Photographs',
    abstract:
      'Tourists have photographed glaciers for decades without meaning to measure them. We align such photographs with terrain models and read off the height of the ice. For nine imaginary glaciers the reconstructed melt agrees with stake measurements within half a metre. Summer is covered ten times better than winter. The climate signal is visible in the first ten years alone.',
    authors: ['Ragna Whitlow', 'Desta Feathering'],
    keywords: ['glaciers', 'climate', 'photogrammetry'],
    project: 'https://glacier-diaries.example.org',
    peak: 53,
  },
  {
    title: 'Listening for Exoplanets: Sonified Light Curves and the Trained Ear',
    abstract:
      "Transits hide in noisy light curves. We turn light curves into sound and ask listeners to find the planet. After twenty minutes of training, musicians detect shallow transits as well as a matched filter, and miss different ones. Combining ear and filter finds 14 percent more planets at the same number of false alarms. A network trained on the listeners' answers keeps half of the gain.",
    authors: ['Cosima Trelawney-Obi', 'Anders Mistral'],
    keywords: ['exoplanets', 'sonification', 'astronomy'],
    peak: 68,
  },
]
