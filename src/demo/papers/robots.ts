import type { SamplePaper } from './samplePaper.ts'

export const papersRobots: SamplePaper[] = [
  {
    title: 'Wet Hands: Robot Manipulation of Slippery Objects by Listening',
    abstract:
      'A wet glass slips before any camera sees it move. We put a microphone into the palm of a robot hand and learn what the first millimetre of slip sounds like. The grasp tightens within nine milliseconds of the sound. In 500 trials with soap, oil and rain the hand dropped four objects, against 61 with vision alone. Music in the room does not disturb it, applause does.',
    authors: ['Leocadia Fernsby', 'Jun-ho Barrowman', 'Ola Tidewell'],
    keywords: ['robot manipulation', 'grasping', 'audio sensing'],
    organization: 'Harbour Robotics Workshop',
    project: 'https://wet-hands.example.org',
    peak: 104,
  },
  {
    title: 'Plan Small, Replan Often: Motion Planning in Crowded Kitchens',
    abstract:
      'Kitchens change faster than a planner can think. We compare one long plan with many short ones under the same budget of computation. Short plans win as soon as a person moves something every eight seconds, which people in kitchens do. The robot holds its last safe posture while it plans, so that its pauses look like courtesy. Users rated the hesitant robot as more competent than the fast one.',
    authors: ['Bronwen Achterby', 'Kofi Sanderling'],
    keywords: ['motion planning', 'household robots', 'replanning'],
    peak: 47,
  },
  {
    title: 'Legs That Limp Well: Fault-Tolerant Locomotion From Injured Rollouts',
    abstract:
      'Walking robots fall when a joint fails because they have never failed before. We break one random joint in every training rollout and tell the policy nothing. It learns to limp, and to find out by itself which joint is lost within a second and a half. On hardware the robot crossed gravel, stairs and wet leaves with any single motor unplugged. Two broken motors remain out of reach.',
    authors: ['Ignatius Pell', 'Wambui Strandberg', 'Cheng Marlowe'],
    keywords: ['locomotion', 'fault tolerance', 'reinforcement learning'],
    organization: 'Harbour Robotics Workshop',
    peak: 79,
  },
  {
    title: 'One Demonstration, Many Drawers: Symmetry in Imitation Learning',
    abstract:
      'Opening a drawer on the left is the mirror image of opening one on the right, and imitation learners do not know it. We write the symmetries of household furniture into the policy instead of into more data. One demonstration then generalises to drawers at other heights, sides and depths. The robot succeeds on 44 of 50 unseen drawers. Where a handle breaks the symmetry, success falls, and the policy reports low confidence.',
    authors: ['Petronella Voss-Ito', 'Elias Nightwater'],
    keywords: ['imitation learning', 'symmetry', 'robot manipulation'],
    peak: 55,
  },
  {
    title: 'A Map Made of Sentences: Language-Grounded Robot Navigation Indoors',
    abstract:
      'People give directions in sentences, robots navigate on grids. We let a robot keep its map as a few hundred short sentences, each tied to a place and a time. Asking the way becomes a search in text, and correcting the map means editing a sentence. In three office floors the robot reached 91 percent of spoken goals, including those that mention things seen only once. The whole map of a floor fits on four printed pages.',
    authors: ['Zawadi Thornquist', 'Alaric Pemberlake'],
    keywords: ['robot navigation', 'language grounding', 'mapping'],
    code: 'https://code.example.org/sentence-map',
    peak: 83,
  },
  {
    title: 'Tactile Braille for Grippers: Reading Texture at One Hundred Grasps an Hour',
    abstract:
      'Robots that sort second-hand clothes must tell wool from felt by touch. We print a grid of soft pins onto a standard gripper and read it at a thousand frames per second. A small recurrent network names the fabric after a single pinch. Sorting a hundred garments an hour, it errs on seven, mostly on blends that its human colleagues also confuse. The pins cost less than a cup of coffee to replace.',
    authors: ['Nerys Oduya-Smith', 'Bogdan Clearwater', 'Mei Farthing'],
    keywords: ['tactile sensing', 'grasping', 'recycling'],
    peak: 38,
  },
  {
    title: 'Drones That Yield: Learning Right of Way From Pigeons',
    abstract:
      'Pigeons cross in narrow streets without collisions and without signals. From simulated flocks we learn a yielding rule with three terms: who is higher, who is faster, who turned last. Forty small drones that follow it pass through a two metre gap in both directions at once. Throughput is close to the best central schedule. The rule needs no radio at all.',
    authors: ['Ottoline Baskerfield', 'Ravi Quist'],
    keywords: ['multi-robot systems', 'collision avoidance', 'swarm'],
    peak: 66,
  },
  {
    title: 'The Patient Arm: Teleoperation of Robots Under Two Seconds of Delay',
    abstract:
      'Remote manipulation over a satellite link comes with two seconds of delay, and operators overcorrect. We show them a ghost of the robot as it will be, and let the real arm refuse motions the ghost has not yet confirmed. Task time rises by a fifth, breakages fall to zero. After an hour operators stop noticing the delay. The approach worked without change for a forklift.',
    authors: ['Sunniva Kaldor', 'Thabo Enderwick'],
    keywords: ['teleoperation', 'latency', 'robot manipulation'],
    peak: 31,
  },
]
