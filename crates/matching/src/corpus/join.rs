//! Two sides, each read by itself, made one corpus.
//!
//! People are put in the order of their names on the way, and the texts of the large tables in the
//! order of the people: who is compared with whom stands close together in memory, which is what
//! the speed of a large match depends on.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::corpus::habits::Habits;
use crate::corpus::people::{Large, People, Renumbering};
use crate::corpus::strings::{NONE, SideNumber, Strings, TextId};
use crate::corpus::{Corpus, KNOWN_COLUMNS, TEXT_COLUMNS, TextColumn};
use crate::intake::side::Side;
use crate::parallel::both;

/// Joins the right side into the left one: the corpus of both, and the people of each.
///
/// Text columns that only one side has are dropped, and those beyond [`TEXT_COLUMNS`].
pub(crate) fn join(left: Side, right: Side) -> (Corpus<'static>, People, People) {
    let (mut corpus, lefts) = left.into_parts();
    let (other, rights) = right.into_parts();
    let shared = shared_columns(&corpus.texts, &other.texts);
    let here = Renumbering::same(&corpus, shared.iter().map(|(left, _)| *left));
    keep_columns(&mut corpus, &shared);
    let there = small_tables(&mut corpus, &other, &shared);
    corpus.totals = [lefts.len(), rights.len()];
    corpus.know_names();
    let in_order = |people: &People, numbers: &Renumbering| {
        people.rebuilt(order_by_name(&corpus, people, &numbers.names), numbers)
    };
    let (mut lefts, mut rights) = both(|| in_order(&lefts, &here), || in_order(&rights, &there));
    large_tables(&mut corpus, other, [&mut lefts, &mut rights]);
    let mut habits = Habits::default();
    habits.see(lefts.iter());
    habits.see(rights.iter());
    corpus.habits = Arc::new(habits);
    corpus.count_full_names(lefts.iter(), 0);
    corpus.count_full_names(rights.iter(), 1);
    both(
        || lefts.count_namesakes(&corpus),
        || rights.count_namesakes(&corpus),
    );
    (corpus, lefts, rights)
}

/// The columns of the left side that the right one has, too, each with its place there.
fn shared_columns(left: &[TextColumn<'_>], right: &[TextColumn<'_>]) -> Vec<(usize, usize)> {
    let known = KNOWN_COLUMNS.len();
    let places: FxHashMap<&str, usize> = right
        .iter()
        .enumerate()
        .skip(known)
        .rev()
        .map(|(place, column)| (column.key.as_str(), place))
        .collect();
    let further = left.iter().enumerate().skip(known);
    let mut taken = FxHashSet::default();
    let pairs =
        further.filter_map(|(place, column)| Some((place, *places.get(column.key.as_str())?)));
    (0..known)
        .map(|place| (place, place))
        .chain(pairs.filter(|(_, there)| taken.insert(*there)))
        .take(TEXT_COLUMNS)
        .collect()
}

fn keep_columns(corpus: &mut Corpus<'static>, shared: &[(usize, usize)]) {
    let mut place = 0;
    corpus.texts.retain(|_| {
        place += 1;
        shared.iter().any(|(kept, _)| *kept == place - 1)
    });
}

/// Takes up the texts of the other side that are few, and that were counted while reading.
fn small_tables(
    corpus: &mut Corpus<'static>,
    other: &Corpus<'static>,
    shared: &[(usize, usize)],
) -> Renumbering {
    let mut numbers = Renumbering {
        names: corpus.names.absorb(&other.names),
        domains: corpus.domains.absorb(&other.domains),
        extensions: corpus.extensions.absorb(&other.extensions),
        births: corpus.births.absorb(&other.births),
        postcodes: corpus.postcodes.absorb(&other.postcodes),
        ..Renumbering::default()
    };
    for (column, (_, place)) in corpus.texts.iter_mut().zip(shared) {
        let table = column.values.absorb(&other.texts[*place].values);
        numbers.columns.push((*place, table));
    }
    let counts = &mut corpus.family_counts;
    counts.resize(corpus.names.len() as usize, [0, 0]);
    for (&here, there) in numbers.names.iter().zip(&other.family_counts) {
        counts[here as usize][1] += there[0];
    }
    numbers
}

/// The people of a side in the order of their family and given names, by sound.
fn order_by_name(corpus: &Corpus<'_>, people: &People, names: &[TextId]) -> Vec<u32> {
    let sound = |name: TextId| match name {
        NONE => NONE,
        name => corpus.token(names[name as usize]).skeleton,
    };
    let mut keys: Vec<(TextId, TextId, u32)> = (0_u32..)
        .zip(people.iter())
        .map(|(number, person)| {
            (
                sound(person.family_whole),
                sound(person.given_whole),
                number,
            )
        })
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, _, number)| number).collect()
}

/// Finds the equal texts of the tables that were read without looking for any, and counts them.
fn large_tables(corpus: &mut Corpus<'static>, other: Corpus<'static>, sides: [&mut People; 2]) {
    let [mails, tails, locals, ids, usernames] =
        Large::ALL.map(|values| sides.each_ref().map(|people| people.values(values)));
    let old = [
        (std::mem::take(&mut corpus.mails), other.mails),
        (std::mem::take(&mut corpus.phone_tails), other.phone_tails),
        (std::mem::take(&mut corpus.locals), other.locals),
        (std::mem::take(&mut corpus.ids), other.ids),
        (std::mem::take(&mut corpus.usernames), other.usernames),
    ];
    let [
        mail_texts,
        tail_texts,
        local_texts,
        id_texts,
        username_texts,
    ] = old;
    let ((mails, tails), (locals, ids, usernames)) = both(
        || (unite(mail_texts, mails), unite(tail_texts, tails)),
        || {
            (
                unite(local_texts, locals),
                unite(id_texts, ids),
                unite(username_texts, usernames),
            )
        },
    );
    let [left, right] = sides;
    let mut put = |values: Large, (table, [lefts, rights]): United| {
        left.set_values(values, &lefts);
        right.set_values(values, &rights);
        table
    };
    corpus.mails = put(Large::Mails, mails);
    corpus.phone_tails = put(Large::Tails, tails);
    corpus.locals = put(Large::Locals, locals);
    corpus.ids = put(Large::Ids, ids);
    corpus.usernames = put(Large::Usernames, usernames);
}

/// One table, and the numbers that the values of the two sides have in it.
type United = (Strings<'static>, [Vec<TextId>; 2]);

/// How many texts are fetched from memory at once.
const AT_ONCE: usize = 128;

/// One table of what both sides have, in the order of their values.
fn unite((left, right): (Strings<'static>, Strings<'static>), values: [Vec<TextId>; 2]) -> United {
    let mut table = Strings::for_texts(left.len() as usize + right.len() as usize);
    let mut numbered = |old: Strings<'static>, mut values: Vec<TextId>, side: SideNumber| {
        for some in values.chunks_mut(AT_ONCE) {
            // The texts stand anywhere; asked for one by one, each would be waited for.
            std::hint::black_box(old.touch(some));
            for value in some.iter_mut().filter(|value| **value != NONE) {
                *value = table.intern(old.get(*value));
                table.count(*value, side);
            }
        }
        values
    };
    let [lefts, rights] = values;
    let lefts = numbered(left, lefts, 0);
    let rights = numbered(right, rights, 1);
    (table, [lefts, rights])
}
