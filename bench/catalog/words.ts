const split = (text: string) => text.trim().split(/\s+/);

/** Product names are an adjective, a material and a noun; bench/peer has the same lists. */
export const ADJECTIVES = split(`
ancient agile amber arctic azure bold brave breezy bright brisk calm candid canny charming cheery classic clever compact copper cosmic cozy
crimson crisp curly dainty daring dazzling deluxe dense digital dusty eager earthy elastic elegant emerald epic ethereal exotic fabled fancy
feral fierce flaming fluffy foggy fragrant frosty funky gallant gentle giant gilded glassy gleaming golden graceful grand gritty handy hardy
hazel hollow humble icy indigo ivory jade jolly keen lavish lively lucid lunar magnetic majestic mellow mighty misty modern mossy muted mystic
neat nimble noble nordic olive opal ornate pale pastel plush polar quaint quick quiet radiant rapid rosy rugged rustic scarlet serene shiny`);
export const MATERIALS = split(`
alder aluminium ash bamboo basalt birch bronze canvas carbon cashmere cedar ceramic cherry clay cobalt cork cotton denim ebony felt flax fleece
granite graphite hemp jute lace latex leather linen mahogany maple marble merino mohair nylon oak paper pewter pine`);
export const NOUNS = split(`
anvil apron armchair backpack badge bandana barrel basket beanie bench binder blanket blender bookcase bottle bowl bracelet briefcase broom brush
bucket buckle cabinet camera candle carafe carpet chair chisel clock coaster compass couch cradle crate cup cushion desk dish doormat drawer
dresser drill drum easel envelope faucet fender filter flask flute fork frame funnel gadget glove goblet grater griddle guitar hammer hammock
hanger harness hat headset heater helmet hinge hook hourglass jacket jar jug kettle keyboard kite knife ladder ladle lamp lantern latch locket
mallet mattress mirror mitten monitor mug napkin necklace needle notebook oven paddle pan pedal pencil pillow pitcher plate pliers pouch printer
projector pulley puzzle racket radio rake razor ring rope`);
/** What the benchmark's descriptions say, 40 of them each. */
export const FILLERS = split(`
daily use family quality trusted makers design detail carefully small batch workshop tested season travel home kitchen studio garden storage
finish edge grip weight balance durable lightweight simple care washable recycled packaging delivery warranty repair parts range matching set
gift idea everyday comfort precise surface soft strong shape`);

const SYLLABLES = split("ba de fi go hu ka le mi no pu ra se ti vo wu za bre cla dro fle gri pla sko tre");

/**
 * As many words as a large shop's descriptions have, for measuring growth: the fillers first, then made-up ones. Taken with falling
 * frequency, as in real texts, a few are in most products and most in a few.
 */
export function manyWords(count = 20_000): string[] {
  const made = Array.from({ length: count - FILLERS.length }, (_, n) => {
    const at = (place: number) => SYLLABLES[Math.floor(n / SYLLABLES.length ** place) % SYLLABLES.length];
    return `${at(0)}${at(1)}${at(2)}${n >= SYLLABLES.length ** 3 ? at(3) : ""}n`;
  });
  return [...FILLERS, ...made];
}
