import type { SamplePaper } from './samplePaper.ts'

export const papersHealth: SamplePaper[] = [
  {
    title: 'PulseLadder: Predicting One-Year Mortality From a Single Resting ECG',
    abstract:
      "A resting electrocardiogram is cheap, quick and recorded for almost every hospital patient. We ask how much of a person's one-year mortality risk can be read from one such recording. PulseLadder splits the ECG into rungs of increasing time scale and lets each rung vote, so that a cardiologist can see which beats drove the estimate. On 41,000 made-up admissions the model ranks patients better than age and heart rate together. Its calibration holds in both sexes and falls off only for patients with a pacemaker.",
    authors: ['Ilvana Torrespin', 'Okoro Lundmarsh', 'Beatrix Qualmond'],
    keywords: ['ecg', 'mortality prediction', 'calibration'],
    organization: 'Northwick Heart Commons',
    code: 'https://code.example.org/pulseladder',
    peak: 88,
  },
  {
    title: 'Reading the Chest X-Ray Twice: Self-Consistency as a Cheap Second Opinion',
    abstract:
      'Radiologists read difficult films twice, yet automatic readers look once and commit. We train a chest x-ray classifier to answer the same question from two crops that share only the mediastinum. Where the two readings disagree, the film goes to a person. On three synthetic hospital collections this sends 12 percent of films to a person and removes two thirds of the missed pneumothoraces. No additional labels are needed.',
    authors: ['Harun Velasmith', 'Priya Oakenfold-Rao'],
    keywords: ['chest x-ray', 'selective prediction', 'radiology'],
    organization: 'Lumen Imaging Group',
    peak: 64,
  },
  {
    title: 'Where Does the Brain Tumor End? Soft Boundaries for MRI Segmentation',
    abstract:
      'Segmentation networks draw a crisp line around a brain tumor although experts disagree about that line by several millimetres. We collect five outlines for each of 600 simulated MRI volumes and train a network to predict the whole distribution of outlines. The result is a soft boundary whose width matches the spread among the experts. Surgeons in a small reader study preferred it to a single mask for planning, because it shows where to look again.',
    authors: ['Marisol Fennwick', 'Tadeusz Arrowby', 'Lin Quay', 'Osei Brandholm'],
    keywords: ['brain tumor', 'segmentation', 'uncertainty'],
    project: 'https://soft-boundaries.example.org',
    peak: 51,
  },
  {
    title: 'A Thousand Nights: Sleep Staging From a Wristband Without Labels',
    abstract:
      'Labelling sleep stages takes a technician two hours a night. We show that movement and pulse from a wristband can be staged with no labels at all by asking only that stages change slowly and return in cycles. The learned stages line up with expert ones in 78 percent of epochs on a held-out set of a thousand recorded nights. Most errors are between light sleep and quiet wakefulness, as they are among technicians.',
    authors: ['Corvina Ashdale', 'Emeka Rolfsund'],
    keywords: ['sleep staging', 'wearables', 'self-supervised learning'],
    peak: 33,
  },
  {
    title: 'Dose Finding as a Game: Safe Exploration in Simulated Insulin Therapy',
    abstract:
      'Choosing a first insulin dose means exploring on a patient. We formulate dose finding as a game against a cautious adversary that knows the guidelines and vetoes any dose they would forbid. The policy that wins this game reaches the target glucose range in three days of simulated treatment instead of five. It never leaves the guideline corridor, by construction. We discuss why that guarantee does not yet transfer to real patients.',
    authors: ['Weilan Prestoby', 'Juno Adeyokun', 'Sabine Karrgate'],
    keywords: ['reinforcement learning', 'diabetes', 'safety'],
    organization: 'Institute for Gentle Control',
    peak: 27,
  },
  {
    title: 'Federated Retinal Screening When Every Clinic Owns a Different Camera',
    abstract:
      'Clinics that screen for diabetic retinopathy cannot pool their images and do not own the same camera. Federated averaging then learns the cameras instead of the disease. We let each clinic keep a private colour transform of forty parameters and share the rest. Across eleven simulated clinics the shared model loses two points of sensitivity to a pooled one, where plain averaging loses nine. A new clinic needs thirty images to join.',
    authors: ['Dagmar Illuyemi', 'Rafe Sundholt', 'Noor Castelbrand'],
    keywords: ['federated learning', 'retinal imaging', 'domain shift'],
    peak: 39,
  },
  {
    title: 'Triage Notes Lie: Missing Words and Bias in Emergency Department Models',
    abstract:
      'Nurses write triage notes under pressure, and what they leave out is not random. We compare notes of 30,000 fictional visits with the full charts written hours later. Pain is omitted more often for patients who need an interpreter, and models trained on the notes underestimate their acuity. Asking a language model to list what is missing, before it predicts, halves the gap. We publish the list of omissions and the protocol.',
    authors: ['Amaranta Wolde-Pike', 'Gideon Marrowell'],
    keywords: ['clinical notes', 'fairness', 'triage'],
    peak: 45,
  },
  {
    title: 'HeartSketch: Compressing a Week of Holter ECG Into One Page',
    abstract:
      'A week of Holter monitoring fills a thousand pages that nobody reads. HeartSketch groups similar beats, draws one of each group, and places the groups on a single page in the order of their clinical weight. In a study with twelve cardiology trainees, reading time for an ECG week fell from 25 minutes to four, and two additional arrhythmias were found. The grouping is deterministic, so the same recording always gives the same page. All beats remain one click away.',
    authors: ['Ludo Farnsbeck', 'Achieng Mirelli', 'Thessaly Orr'],
    keywords: ['ecg', 'visual summary', 'arrhythmia'],
    organization: 'Northwick Heart Commons',
    peak: 58,
  },
  {
    title: 'Ultrasound Without an Expert: Guiding the Probe by Sound and Touch',
    abstract:
      'Taking a useful ultrasound image needs years of practice. We add a small speaker and a vibrating ring to an ordinary probe and let a network tell the hand where to move. Forty volunteers with no training reached a diagnostic view of the heart in a median of 70 seconds. Without guidance only six of them found one at all. The network runs on a phone and keeps no images.',
    authors: ['Perpetua Handsworth', 'Idris Vael'],
    keywords: ['ultrasound', 'haptics', 'medical imaging'],
    project: 'https://touch-probe.example.org',
    peak: 72,
  },
  {
    title: 'Cough Atlas: A Geography of Respiratory Sounds for Early Diagnosis',
    abstract:
      'Coughs differ between diseases, ages and rooms, and classifiers learn the rooms. We arrange 20,000 simulated coughs on a map in which the room is one direction and the disease another. Diagnosis along the second direction holds up in rooms that were never heard. Whooping cough and croup are told apart in most children within three coughs. The map can be inspected by ear, which convinced the paediatricians more than any curve.',
    authors: ['Rosalba Nkrumah-Veldt', 'Edmund Sparling'],
    keywords: ['diagnosis', 'audio', 'respiratory disease'],
    organization: 'Lumen Imaging Group',
    peak: 56,
  },
]
