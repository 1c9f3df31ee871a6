//! The mutation suite of drift: 300 directories, each changed once for every cause and every
//! benign change. The cause must be named, nothing else may be, and the primary repair must lead
//! to the right mapping.

mod benign;
mod causes;
mod house;

use std::collections::BTreeMap;

use counterpart_model::DriftCause;

use self::house::House;

/// How many directories.
const DIRECTORIES: u64 = 300;

/// What was found of a cause over all directories.
#[derive(Debug, Default)]
struct Tally {
    found: u32,
    missed: u32,
    wrong: u32,
}

impl Tally {
    fn recall(&self) -> f64 {
        f64::from(self.found) / f64::from((self.found + self.missed).max(1))
    }

    fn precision(&self) -> f64 {
        f64::from(self.found) / f64::from((self.found + self.wrong).max(1))
    }
}

type Tallies = BTreeMap<DriftCause, Tally>;

/// Counts what was found in a house against what was to be found.
#[expect(
    clippy::print_stderr,
    reason = "says which case failed, before all are counted"
)]
fn count(tallies: &mut Tallies, house: &House, what: &str, expected: &[(usize, DriftCause)]) {
    let found = house.primary_causes();
    for wanted in expected {
        let tally = tallies.entry(wanted.1).or_default();
        if found.iter().any(|(at, cause, _)| (*at, *cause) == *wanted) {
            tally.found += 1;
        } else {
            tally.missed += 1;
            eprintln!("missed {} after {what}: {}", wanted.1, house.told(wanted.0));
        }
    }
    for (at, cause, detail) in found {
        if !expected.contains(&(at, cause)) {
            tallies.entry(cause).or_default().wrong += 1;
            eprintln!("wrong {cause} after {what}: {detail}; {}", house.told(at));
        }
    }
}

#[test]
fn every_cause_is_named_benign_changes_are_not_and_repairs_are_right() {
    let mut tallies = Tallies::new();
    let mut repairs = (0_u32, 0_u32);
    for seed in 0..DIRECTORIES {
        let mut clean = House::new(seed);
        count(&mut tallies, &clean, "nothing", &[]);
        for (name, change) in benign::ALL {
            let mut house = clean.again();
            change(&mut house);
            count(&mut tallies, &house, name, &[]);
        }
        for (cause, change) in causes::ALL {
            let mut house = clean.again();
            let truth = change(&mut house);
            let expected: Vec<_> = truth.mappings.iter().map(|at| (*at, cause)).collect();
            count(&mut tallies, &house, cause.as_str(), &expected);
            repairs.0 += 1;
            if let Err(why) = house.repair(cause, &truth) {
                repairs.1 += 1;
                eprintln!("the repair of {cause} in directory {seed}: {why}");
            }
        }
    }
    for cause in DriftCause::ALL {
        let tally = tallies.entry(cause).or_default();
        println!(
            "{:20} {:5} cases  precision {:.4}  recall {:.4}",
            cause.as_str(),
            tally.found + tally.missed,
            tally.precision(),
            tally.recall()
        );
    }
    println!("{} repairs, {} of them wrong", repairs.0, repairs.1);
    for (cause, tally) in &tallies {
        assert!(tally.found >= 250, "{cause} was hardly tried: {tally:?}");
        assert_eq!((tally.missed, tally.wrong), (0, 0), "{cause}");
    }
    assert_eq!(repairs.1, 0, "repairs that lead elsewhere");
}
