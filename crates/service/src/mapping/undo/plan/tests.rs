use counterpart_model::{
    Decision, DecisionKind, Identity, Mapping, MappingOrigin, Period, Person, PersonProfile,
    Timestamp,
};
use uuid::Uuid;

use super::*;

const CRM: u128 = 900;

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn person(number: u128, external_id: Option<&str>) -> Thing {
    Thing::Person(Box::new(Person {
        id: id(number),
        external_id: external_id.map(str::to_owned),
        profile: PersonProfile::default(),
        active: true,
        created_at: Timestamp::from_micros(0),
        version: 1,
    }))
}

fn mapping(number: u128, of: u128, user: &str) -> Thing {
    Thing::Mapping(Box::new(Mapping {
        id: id(number),
        connection_id: id(CRM),
        person_id: id(of),
        crm_user_id: CrmUserId(user.to_owned()),
        period: Period::ALL,
        person_exclusive: true,
        crm_user_exclusive: true,
        origin: MappingOrigin::Manual,
        evidence: Vec::new(),
        witness: None,
        created_at: Timestamp::from_micros(0),
        version: 1,
    }))
}

fn extension(number: u128, of: u128, value: &str) -> Thing {
    Thing::Identity(Box::new(Identity {
        id: id(number),
        person_id: id(of),
        connection_id: id(CRM),
        kind: IdentityKind::Extension,
        value: value.to_owned(),
        period: Period::ALL,
    }))
}

fn no_account(number: u128, of: u128) -> Thing {
    Thing::Decision(Box::new(Decision {
        id: id(number),
        connection_id: id(CRM),
        kind: DecisionKind::NoAccount { person_id: id(of) },
        reason: None,
        expires_at: Timestamp::FOREVER,
        created_at: Timestamp::from_micros(0),
        version: 1,
    }))
}

fn newer(thing: &Thing) -> Thing {
    let mut thing = thing.clone();
    match &mut thing {
        Thing::Person(it) => it.version += 4,
        Thing::Mapping(it) => it.version += 4,
        Thing::Decision(it) => it.version += 4,
        Thing::MatchingSettings(it) => it.version += 4,
        Thing::Identity(_) => {}
    }
    thing
}

fn line(before: Option<&Thing>, after: Option<&Thing>) -> ChangeLine {
    ChangeLine::between(before.cloned(), after.cloned()).expect("a line")
}

fn facts(standing: &[&Thing]) -> Facts {
    Facts {
        since: None,
        standing: standing
            .iter()
            .map(|thing| (thing.subject(), (*thing).clone()))
            .collect(),
        members: HashSet::new(),
        newer: HashSet::new(),
    }
}

#[test]
fn what_stands_as_it_was_left_is_undone_from_the_version_that_stands_now() {
    let (ann, left) = (person(1, None), mapping(10, 1, "u1"));
    let now = newer(&left);
    let fates = plan(&[line(None, Some(&left))], &facts(&[&ann, &now]));
    assert_eq!(fates, [Fate::Undone(line(Some(&now), None))]);
}

#[test]
fn what_stands_as_it_was_before_needs_no_undoing() {
    let (ann, taken) = (person(1, None), mapping(10, 1, "u1"));
    let fates = plan(&[line(Some(&taken), None)], &facts(&[&ann, &newer(&taken)]));
    assert_eq!(fates, [Fate::Already]);
}

#[test]
fn what_was_changed_again_is_a_conflict_with_what_stands_there() {
    let (ann, left) = (person(1, None), mapping(10, 1, "u1"));
    let now = mapping(10, 1, "u7");
    let lines = [line(None, Some(&left))];
    let changed = plan(&lines, &facts(&[&ann, &now]));
    assert_eq!(changed, [Fate::Clash(Clash::Changed(Some(now)))]);
    let lines = [line(Some(&mapping(10, 1, "u0")), Some(&left))];
    let gone = plan(&lines, &facts(&[&ann]));
    assert_eq!(gone, [Fate::Clash(Clash::Changed(None))]);
}

/// Ann got u1, and u2 instead of it later: she is not as she was, although the first mapping is
/// gone.
#[test]
fn what_was_replaced_since_is_a_conflict() {
    let (ann, left) = (person(1, None), mapping(10, 1, "u1"));
    let now = mapping(11, 1, "u2");
    let lines = [line(None, Some(&left))];
    let replaced = plan(&lines, &facts(&[&ann, &now]));
    assert_eq!(replaced, [Fate::Clash(Clash::Changed(Some(now)))]);
    assert_eq!(plan(&lines, &facts(&[&ann])), [Fate::Already]);
}

/// Ann went from u1 to u2; somebody gave u1 to Bob. Taking u2 away alone would leave Ann with
/// nobody, so the cell stays as it is.
#[test]
fn a_seat_given_away_meanwhile_keeps_the_whole_cell() {
    let (ann, bob) = (person(1, None), person(2, None));
    let (old, new) = (mapping(10, 1, "u1"), mapping(11, 1, "u2"));
    let later = mapping(12, 2, "u1");
    let lines = [line(Some(&old), None), line(None, Some(&new))];
    let fates = plan(&lines, &facts(&[&ann, &bob, &new, &later]));
    assert_eq!(
        fates,
        [
            Fate::Clash(Clash::InTheWay(later)),
            Fate::Clash(Clash::Together(0))
        ]
    );
}

/// Ann and Bob changed places. Bob's new mapping was replaced since; so Ann cannot have hers back
/// either, because her seat would still be taken.
#[test]
fn what_is_left_alone_is_in_the_way_of_others() {
    let (ann, bob) = (person(1, None), person(2, None));
    let (ann_before, bob_before) = (mapping(10, 1, "u1"), mapping(11, 2, "u2"));
    let (ann_after, bob_after) = (mapping(12, 1, "u2"), mapping(13, 2, "u1"));
    let changed = {
        let mut changed = bob_after.clone();
        if let Thing::Mapping(mapping) = &mut changed {
            mapping.origin = MappingOrigin::Import;
        }
        changed
    };
    let lines = [
        line(Some(&ann_before), None),
        line(None, Some(&ann_after)),
        line(Some(&bob_before), None),
        line(None, Some(&bob_after)),
    ];
    let swapped_back = plan(&lines, &facts(&[&ann, &bob, &ann_after, &bob_after]));
    assert!(
        swapped_back
            .iter()
            .all(|fate| matches!(fate, Fate::Undone(_))),
        "{swapped_back:?}"
    );
    let fates = plan(&lines, &facts(&[&ann, &bob, &ann_after, &changed]));
    assert_eq!(fates[0], Fate::Clash(Clash::InTheWay(changed.clone())));
    assert_eq!(fates[1], Fate::Clash(Clash::Together(0)));
    assert!(matches!(fates[2], Fate::Clash(_)), "{:?}", fates[2]);
    assert_eq!(fates[3], Fate::Clash(Clash::Changed(Some(changed))));
}

#[test]
fn a_person_who_is_used_or_signs_in_does_not_go() {
    let (ann, later) = (person(1, None), mapping(10, 1, "u1"));
    let lines = [line(None, Some(&ann))];
    let used = plan(&lines, &facts(&[&ann, &later]));
    assert_eq!(used, [Fate::Clash(Clash::StillUsed(later))]);
    let member = Facts {
        members: HashSet::from([id(1)]),
        ..facts(&[&ann])
    };
    assert_eq!(plan(&lines, &member), [Fate::Clash(Clash::IsMember(id(1)))]);
}

#[test]
fn a_person_goes_with_everything_that_came_along() {
    let (ann, own) = (person(1, Some("E1")), extension(20, 1, "204"));
    let mapped = mapping(10, 1, "u1");
    let lines = [
        line(None, Some(&ann)),
        line(None, Some(&own)),
        line(None, Some(&mapped)),
    ];
    let fates = plan(&lines, &facts(&[&ann, &own, &mapped]));
    assert!(
        fates.iter().all(|fate| matches!(fate, Fate::Undone(_))),
        "{fates:?}"
    );
    let later = no_account(30, 1);
    let fates = plan(&lines, &facts(&[&ann, &own, &mapped, &later]));
    assert_eq!(fates[0], Fate::Clash(Clash::StillUsed(later)));
    assert_eq!(fates[1], Fate::Clash(Clash::Together(0)));
    assert!(matches!(fates[2], Fate::Undone(_)), "{:?}", fates[2]);
}

#[test]
fn a_place_that_somebody_else_has_by_now_is_a_conflict() {
    let (ann, bob) = (person(1, None), person(2, Some("E1")));
    let before = person(1, Some("E1"));
    let fates = plan(&[line(Some(&before), Some(&ann))], &facts(&[&ann, &bob]));
    assert_eq!(fates, [Fate::Clash(Clash::InTheWay(bob.clone()))]);

    let (taken, later) = (extension(20, 1, "204"), extension(21, 2, "204"));
    let fates = plan(&[line(Some(&taken), None)], &facts(&[&ann, &bob, &later]));
    assert_eq!(fates, [Fate::Clash(Clash::InTheWay(later))]);

    let (withdrawn, again) = (no_account(30, 1), no_account(31, 1));
    let fates = plan(&[line(Some(&withdrawn), None)], &facts(&[&ann, &again]));
    assert_eq!(fates, [Fate::Clash(Clash::InTheWay(again))]);
}

#[test]
fn nothing_comes_back_about_somebody_who_is_gone() {
    let taken = mapping(10, 1, "u1");
    let fates = plan(&[line(Some(&taken), None)], &facts(&[]));
    assert_eq!(fates, [Fate::Clash(Clash::PersonGone(id(1)))]);
}
