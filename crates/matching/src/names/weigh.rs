//! What agreements and differences of names are worth, in log-odds, and how they add up.

use super::align::Pair;
use super::lexicon::Lexicon;
use super::pair::{Level, Likeness, liken};
use super::read::{Kind, Reading, Word};

/// Log-odds of two names about which nothing is known but that somebody compares them.
const START: f32 = -2.2;
/// Every name of both sides has its counterpart.
const COMPLETE: f32 = 1.0;
/// Log-odds for each bit by which an agreeing word is rare.
const PER_BIT: f32 = 0.3;
/// Most that agreements are worth together: however much two names share, one part that differs
/// makes them two.
const MOST: f32 = 5.5;
/// Two names that stand against each other.
const CONFLICT: f32 = 4.5;
/// Two middle names that do.
const MIDDLE_CONFLICT: f32 = 4.0;
/// The same names in an order that no custom explains.
const SHUFFLED: f32 = 5.0;
/// An initial that does not fit.
const INITIAL_CONFLICT: f32 = 2.8;

/// What an agreement is worth.
pub(super) fn worth(one: &Word, other: &Word, likeness: Likeness, lexicon: &Lexicon) -> f32 {
    let rarity = |word: &Word| {
        word.forms
            .iter()
            .map(|form| lexicon.tables.rarity(form))
            .fold(f32::INFINITY, f32::min)
    };
    let bits = rarity(one).min(rarity(other)) * PER_BIT;
    let initials = (one.kind == Kind::Initial, other.kind == Kind::Initial);
    match likeness.level {
        Level::Same if initials.0 || initials.1 => 0.6,
        Level::Same => bits,
        Level::Spelling => 0.95 * bits - 0.2 - 2.0 * likeness.apart,
        Level::Script => 0.95 * bits - likeness.apart,
        Level::Short => 0.7 * bits - 0.3,
        Level::Slip => 0.8 * bits - 7.0 * likeness.apart,
        Level::Initial => 0.7,
        Level::Unread => 0.4,
        Level::Different => 0.0,
    }
}

/// What a word costs that the other name does not have.
pub(super) fn alone(reading: &Reading, place: usize) -> f32 {
    let word = &reading.words[place];
    match word.kind {
        Kind::Particle => 0.05,
        Kind::Title => 0.03,
        Kind::Alias => 0.1,
        Kind::Initial => 0.25,
        Kind::Patronymic => 0.35,
        Kind::Kunya => 0.6,
        Kind::Name if word.continues => 0.4,
        Kind::Name => match standing(reading, place) {
            Standing::Inner => 0.7,
            Standing::First => 1.5,
            Standing::Last => 1.4,
        },
    }
}

/// Where a name stands among the names of its reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    First,
    Inner,
    Last,
}

pub(super) fn standing(reading: &Reading, place: usize) -> Standing {
    let is_name = |word: &Word| matches!(word.kind, Kind::Name | Kind::Kunya);
    let before = reading.words[..place].iter().any(is_name);
    let behind = reading.words[place + 1..].iter().any(is_name);
    match (before, behind) {
        (true, true) => Standing::Inner,
        (_, false) => Standing::Last,
        (false, true) => Standing::First,
    }
}

/// What the assignment leaves over, and what everything adds up to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sum {
    pub(super) log_odds: f32,
    /// Words of each side without counterpart.
    pub(super) left: [Vec<usize>; 2],
    /// Left words that stand against each other.
    pub(super) conflicts: Vec<(usize, usize)>,
    pub(super) generations_differ: bool,
    pub(super) titles_differ: bool,
    pub(super) reordered: bool,
}

pub(super) fn sum(one: &Reading, other: &Reading, pairs: &[Pair], lexicon: &Lexicon) -> Sum {
    let taken = pairs.iter().fold((0_u16, 0_u16), |(a, b), pair| {
        (a | pair.one, b | pair.other)
    });
    let unmatched = |reading: &Reading, taken: u16| -> Vec<usize> {
        (0..reading.words.len())
            .filter(|place| taken >> place & 1 == 0)
            .collect()
    };
    let left = [unmatched(one, taken.0), unmatched(other, taken.1)];
    let mut log_odds = START + pairs.iter().map(|pair| pair.worth).sum::<f32>().min(MOST);
    log_odds -= left[0].iter().map(|place| alone(one, *place)).sum::<f32>();
    log_odds -= left[1]
        .iter()
        .map(|place| alone(other, *place))
        .sum::<f32>();

    let (conflicts, cost) = conflicts(one, other, &left, lexicon);
    log_odds -= cost;

    let is_full = |pair: &&Pair| {
        pair.worth > 0.1
            && !matches!(pair.likeness.level, Level::Initial | Level::Unread)
            && !is_initial_pair(one, pair)
    };
    let full = pairs
        .iter()
        .filter(is_full)
        .map(|pair| pair.one.count_ones().max(pair.other.count_ones()))
        .sum::<u32>();
    let partial = pairs.iter().any(|pair| {
        matches!(pair.likeness.level, Level::Initial | Level::Unread) || is_initial_pair(one, pair)
    });
    let complete = conflicts.is_empty()
        && left[0].iter().all(|place| is_aside(&one.words[*place]))
        && left[1].iter().all(|place| is_aside(&other.words[*place]));
    if complete && full > 0 {
        log_odds += COMPLETE;
    }
    let single = one.names().min(other.names()) <= 1;
    log_odds -= match full {
        0 => 6.0,
        1 if complete && single && !partial => 0.0,
        1 if partial => 0.4,
        1 => 3.0,
        _ => 0.0,
    };
    let generations_differ =
        one.generation != 0 && other.generation != 0 && one.generation != other.generation;
    if generations_differ {
        log_odds -= 5.0;
    } else if one.generation != other.generation {
        log_odds -= 0.3;
    }
    let titles_differ = one.man.is_some() && other.man.is_some() && one.man != other.man;
    if titles_differ {
        log_odds -= 4.0;
    }
    let crossed = crossed_parts(one, other, pairs);
    let reordered = order_of(one, other, pairs);
    log_odds -= match reordered {
        _ if crossed => 6.0,
        Order::Kept => 0.0,
        Order::Rotated if one.ordered && other.ordered => 1.5,
        Order::Rotated => 0.2,
        Order::Shuffled => SHUFFLED,
    };
    let reordered = crossed || reordered != Order::Kept;
    Sum {
        log_odds,
        left,
        conflicts,
        generations_differ,
        titles_differ,
        reordered,
    }
}

/// Words whose absence says nothing.
fn is_aside(word: &Word) -> bool {
    matches!(word.kind, Kind::Particle | Kind::Title | Kind::Alias)
}

fn is_initial_pair(one: &Reading, pair: &Pair) -> bool {
    one.words[pair.places().0].kind == Kind::Initial && pair.one.is_power_of_two()
}

/// How the words of one name lie in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Kept,
    /// The family name stands first in one and last in the other.
    Rotated,
    /// Ahmed Mohammed Ali and Mohammed Ahmed Ali are cousins.
    Shuffled,
}

fn order_of(one: &Reading, other: &Reading, pairs: &[Pair]) -> Order {
    let counts = |pair: &&Pair| {
        !is_aside(&one.words[pair.places().0]) && !is_aside(&other.words[pair.places().1])
    };
    let mut places: Vec<(usize, usize)> = pairs.iter().filter(counts).map(Pair::places).collect();
    places.sort_unstable();
    let falls = places
        .windows(2)
        .filter(|pair| pair[0].1 > pair[1].1)
        .count();
    match (falls, places.first(), places.last()) {
        (0, _, _) => Order::Kept,
        (1, Some(first), Some(last)) if last.1 < first.1 => Order::Rotated,
        _ => Order::Shuffled,
    }
}

/// Whether one's name is the other's father's and the other way round.
fn crossed_parts(one: &Reading, other: &Reading, pairs: &[Pair]) -> bool {
    let kinds = |pair: &Pair| {
        let (i, j) = pair.places();
        (one.words[i].kind, other.words[j].kind)
    };
    let has = |a, b| pairs.iter().any(|pair| kinds(pair) == (a, b));
    has(Kind::Name, Kind::Patronymic) && has(Kind::Patronymic, Kind::Name)
}

/// Left words of both sides that stand against each other, the likest first, and their cost.
fn conflicts(
    one: &Reading,
    other: &Reading,
    left: &[Vec<usize>; 2],
    lexicon: &Lexicon,
) -> (Vec<(usize, usize)>, f32) {
    let counts = |reading: &Reading, place: &usize| !is_aside(&reading.words[*place]);
    let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
    for i in left[0].iter().filter(|place| counts(one, place)) {
        for j in left[1].iter().filter(|place| counts(other, place)) {
            candidates.push((against(one, *i, other, *j, lexicon), *i, *j));
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut found, mut cost): (Vec<(usize, usize)>, f32) = (Vec::new(), 0.0);
    for (price, i, j) in candidates {
        if found.iter().all(|(a, b)| *a != i && *b != j) {
            found.push((i, j));
            cost += price;
        }
    }
    (found, cost)
}

/// The price of two words that stand against each other.
fn against(one: &Reading, i: usize, other: &Reading, j: usize, lexicon: &Lexicon) -> f32 {
    let (a, b) = (&one.words[i], &other.words[j]);
    let likeness = liken(a, b, lexicon);
    match (a.kind, b.kind) {
        (Kind::Initial, _) | (_, Kind::Initial) => INITIAL_CONFLICT,
        (Kind::Patronymic, Kind::Name) | (Kind::Name, Kind::Patronymic) => 2.5,
        (Kind::Kunya, _) | (_, Kind::Kunya) if a.kind != b.kind => 1.5,
        _ => {
            let inner =
                standing(one, i) == Standing::Inner && standing(other, j) == Standing::Inner;
            let full = if inner { MIDDLE_CONFLICT } else { CONFLICT };
            // Half alike: a worse slip than most, or a variant that nobody listed.
            full * ((likeness.apart - 0.1) / 0.3).clamp(0.55, 1.0)
        }
    }
}
