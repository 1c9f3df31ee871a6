//! What makes mappings untrue, in the ways in which it happens.

use counterpart_emulators::Person as Human;
use counterpart_model::{
    CrmUserKind, CrmUserProfile, CrmUserState, DecisionKind, DriftCause, IdentityKind, Person,
    PersonId, PersonProfile, Timestamp,
};

use super::house::{House, NOW, Truth};

/// Changes a house; what is true then.
type Change = fn(&mut House) -> Truth;

/// Every cause.
pub(super) const ALL: [(DriftCause, Change); 13] = [
    (DriftCause::OtherOrg, other_org),
    (DriftCause::WrongIdKind, wrong_id_kind),
    (DriftCause::SeatRepurposed, seat_repurposed),
    (DriftCause::PersonLeft, person_left),
    (DriftCause::AnotherActiveUser, another_active_user),
    (DriftCause::CrmUserDeleted, deleted),
    (DriftCause::CrmUserDeactivated, deactivated),
    (DriftCause::NotAPerson, not_a_person),
    (DriftCause::LicenceLost, licence_lost),
    (DriftCause::NameChanged, name_changed),
    (DriftCause::ExtensionMoved, extension_moved),
    (DriftCause::DuplicateEmail, duplicate_email),
    (DriftCause::EmailChanged, email_changed),
];

fn other_org(house: &mut House) -> Truth {
    "org-2".clone_into(&mut house.org);
    Truth {
        mappings: (0..house.mappings.len()).collect(),
        ..Truth::default()
    }
}

fn wrong_id_kind(house: &mut House) -> Truth {
    let at = house.anybody();
    let right = house.users[at].id.clone();
    let owner = house.profile(at).other_ids[0].value.clone();
    // An importer took the column of the owners.
    house.mappings[at].crm_user_id.0.clone_from(&owner);
    if house.below(2) == 0 {
        // The same number is somebody's id as a user.
        let stranger = house.stranger();
        let profile = profile_named(&stranger);
        house.add_user(profile);
        let last = house.users.last_mut().expect("just added");
        last.id.0 = owner;
    }
    house.confirm(at);
    Truth {
        target: Some(right),
        ..Truth::of(at)
    }
}

fn seat_repurposed(house: &mut House) -> Truth {
    let at = house.anybody();
    let stranger = house.stranger();
    let mut truth = Truth::of(at);
    match house.below(8) {
        // Everything is the newcomer's.
        0 => take_over(house.profile(at), &stranger, true),
        // The name to sign in with stays.
        1 => take_over(house.profile(at), &stranger, false),
        // A seat with an address of its own: only the name changes.
        2 => {
            house.profile(at).emails = vec!["sales3@northwind-support.example".to_owned()];
            house.profile(at).username = Some("sales3".to_owned());
            house.profile(at).employee_number = None;
            house.confirm(at);
            rename(house.profile(at), &stranger.given, &stranger.family);
        }
        // A relative.
        3 => {
            let family = house.people[at]
                .profile
                .family_name
                .clone()
                .expect("a name");
            take_over(house.profile(at), &stranger, true);
            rename(house.profile(at), &stranger.given, &family);
        }
        // Somebody of the same given name whom the organization knows.
        4 => {
            let given = house.people[at].profile.given_name.clone().expect("a name");
            let newcomer = Human { given, ..stranger };
            take_over(house.profile(at), &newcomer, true);
            house.profile(at).employee_number = None;
            truth.successor = Some(hire(house, &newcomer));
        }
        // Somebody else of the organization.
        5 => {
            take_over(house.profile(at), &stranger, true);
            truth.successor = Some(hire(house, &stranger));
        }
        // A namesake.
        6 => {
            house.profile(at).employee_number = Some("E1".to_owned());
            house.confirm(at);
            let profile = house.profile(at);
            profile.employee_number = Some("E2".to_owned());
            profile.emails = vec![stranger.email.clone()];
            profile.username = Some(stranger.username.clone());
        }
        // The platform gave its user to somebody else; the CRM did not.
        _ => {
            let profile = &mut house.people[at].profile;
            profile.given_name = Some(stranger.given.clone());
            profile.family_name = Some(stranger.family.clone());
            profile.display_name = format!("{} {}", stranger.given, stranger.family);
            profile.emails = vec![stranger.email.clone()];
            profile.employee_number = stranger.employee_number;
        }
    }
    truth
}

fn person_left(house: &mut House) -> Truth {
    let at = house.anybody();
    house.people[at].active = false;
    if house.below(2) == 0 {
        house.profile(at).state = CrmUserState::Inactive;
    }
    Truth::of(at)
}

fn another_active_user(house: &mut House) -> Truth {
    let at = house.anybody();
    let new = CrmUserProfile {
        other_ids: Vec::new(),
        ..house.users[at].profile.clone()
    };
    match house.below(4) {
        0 => house.profile(at).state = CrmUserState::Inactive,
        1 => house.users[at].gone_since = Some(NOW),
        2 => {
            let profile = house.profile(at);
            profile.state = CrmUserState::Inactive;
            profile.display_name = format!("zz {}", profile.display_name);
            profile.emails = vec!["old-account@nowhere.invalid".to_owned()];
        }
        // The old account goes on under another address.
        _ => house.profile(at).emails = vec!["old.account@northwind-support.example".to_owned()],
    }
    let target = house.add_user(new);
    Truth {
        target: Some(target),
        ..Truth::of(at)
    }
}

fn deleted(house: &mut House) -> Truth {
    let at = house.anybody();
    match house.below(4) {
        0 => house.users[at].gone_since = Some(NOW),
        1 => house.profile(at).state = CrmUserState::Deleted,
        2 => {
            let profile = house.profile(at);
            *profile = CrmUserProfile {
                display_name: "Deleted user".to_owned(),
                state: CrmUserState::Deleted,
                ..CrmUserProfile::default()
            };
        }
        // An id of which no run ever heard.
        _ => {
            house.users.remove(at);
        }
    }
    Truth::of(at)
}

fn deactivated(house: &mut House) -> Truth {
    let at = house.anybody();
    let scrubbed = house.below(2) == 0;
    let profile = house.profile(at);
    profile.state = CrmUserState::Inactive;
    if scrubbed {
        profile.display_name = format!("{} (left)", profile.display_name);
        profile.emails = vec![format!("{}.invalid", profile.emails[0])];
        profile.licence = None;
    }
    Truth::of(at)
}

fn not_a_person(house: &mut House) -> Truth {
    let at = house.anybody();
    let kinds = [
        CrmUserKind::Api,
        CrmUserKind::Queue,
        CrmUserKind::Portal,
        CrmUserKind::Shared,
    ];
    match house.below(6) {
        4 => {
            let crm_user_id = house.users[at].id.clone();
            house.decide(DecisionKind::NotAPerson { crm_user_id });
        }
        // Mapped as it is, by a file.
        5 => {
            house.profile(at).kind = CrmUserKind::Api;
            house.confirm(at);
        }
        kind => {
            let profile = house.profile(at);
            profile.kind = kinds[kind];
            "Nightly import".clone_into(&mut profile.display_name);
            profile.given_name = None;
            profile.family_name = None;
        }
    }
    Truth::of(at)
}

fn licence_lost(house: &mut House) -> Truth {
    let at = house.anybody();
    house.profile(at).licence = (house.below(2) == 0).then(|| " ".to_owned());
    Truth::of(at)
}

fn name_changed(house: &mut House) -> Truth {
    let at = house.anybody();
    let given = house.people[at].profile.given_name.clone().expect("a name");
    let family = house.stranger().family;
    let domain = house.people[at].profile.emails[0].split('@').next_back();
    let domain = domain.expect("a domain").to_owned();
    let new_address = format!("{}@{domain}", plain(&format!("{given}.{family}")));
    match house.below(6) {
        0 => rename(house.profile(at), &given, &family),
        1 => {
            rename(house.profile(at), &given, &family);
            house.profile(at).emails = vec![new_address];
        }
        2 => {
            rename(house.profile(at), &given, &family);
            let old = house.profile(at).emails[0].clone();
            house.profile(at).emails = vec![old.replace(&domain, "subsidiary.example")];
        }
        // Another name altogether, but the same employee.
        3 => {
            house.profile(at).employee_number = Some("E77".to_owned());
            house.confirm(at);
            let stranger = house.stranger();
            take_over(house.profile(at), &stranger, true);
            house.profile(at).employee_number = Some("E77".to_owned());
        }
        // Everything but what the platform says of the person is new.
        4 => {
            let stranger = house.stranger();
            take_over(house.profile(at), &stranger, true);
            let person = &mut house.people[at].profile;
            person.given_name = Some(stranger.given.clone());
            person.family_name = Some(stranger.family.clone());
            person.display_name = format!("{} {}", stranger.given, stranger.family);
        }
        _ => {
            rename(house.profile(at), &given, &family);
            house.profile(at).emails.push(new_address);
        }
    }
    Truth {
        target: Some(house.users[at].id.clone()),
        ..Truth::of(at)
    }
}

fn extension_moved(house: &mut House) -> Truth {
    let at = house.somebody(|house, at| house.users[at].profile.extension.is_some());
    let at = at.expect("somebody has an extension");
    let person = house.people[at].id;
    let extension = house.users[at].profile.extension.clone().expect("one");
    let successor = house.somebody(|_, other| other != at);
    let successor = house.people[successor.expect("somebody else")].id;
    let own = |it: &counterpart_model::Identity| {
        it.person_id == person && it.is(IdentityKind::Extension, &extension)
    };
    house.identities.retain(|it| !own(it));
    house.add_extension(successor, &extension);
    if house.below(2) == 0 {
        house.add_extension(person, "4711");
    }
    Truth {
        target: Some(house.users[at].id.clone()),
        ..Truth::of(at)
    }
}

fn duplicate_email(house: &mut House) -> Truth {
    let at = house.anybody();
    let stranger = house.stranger();
    let mut profile = match house.below(2) {
        0 => profile_named(&stranger),
        _ => house.users[at].profile.clone(),
    };
    profile.emails = vec![house.users[at].profile.emails[0].to_uppercase()];
    profile.other_ids = Vec::new();
    profile.extension = None;
    house.add_user(profile);
    Truth {
        target: Some(house.users[at].id.clone()),
        ..Truth::of(at)
    }
}

fn email_changed(house: &mut House) -> Truth {
    let at = house.anybody();
    let new = match house.below(3) {
        0 => "a.new.one@northwind-support.example".to_owned(),
        1 => "somebody@mail.example".to_owned(),
        _ => {
            let old = house.profile(at).emails[0].clone();
            old.replace("northwind-support.example", "subsidiary.example")
        }
    };
    house.profile(at).emails = vec![new];
    Truth {
        target: Some(house.users[at].id.clone()),
        ..Truth::of(at)
    }
}

/// Makes the account the newcomer's.
fn take_over(profile: &mut CrmUserProfile, newcomer: &Human, username: bool) {
    rename(profile, &newcomer.given, &newcomer.family);
    profile.emails = vec![newcomer.email.clone()];
    if profile.employee_number.is_some() {
        profile
            .employee_number
            .clone_from(&newcomer.employee_number);
    }
    if username && profile.username.is_some() {
        profile.username = Some(newcomer.username.clone());
    }
}

/// Calls the account otherwise, in the form in which it is called now.
pub(super) fn rename(profile: &mut CrmUserProfile, given: &str, family: &str) {
    profile.display_name = if profile.display_name.contains(',') {
        format!("{family}, {given}")
    } else {
        format!("{given} {family}")
    };
    if profile.given_name.is_some() {
        profile.given_name = Some(given.to_owned());
        profile.family_name = Some(family.to_owned());
    }
}

pub(super) fn profile_named(human: &Human) -> CrmUserProfile {
    CrmUserProfile {
        display_name: format!("{} {}", human.given, human.family),
        given_name: Some(human.given.clone()),
        family_name: Some(human.family.clone()),
        emails: vec![human.email.clone()],
        licence: Some("Full".to_owned()),
        ..CrmUserProfile::default()
    }
}

/// Adds somebody to the organization.
pub(super) fn hire(house: &mut House, human: &Human) -> PersonId {
    let id = PersonId::from(house.id());
    house.people.push(Person {
        id,
        external_id: None,
        profile: PersonProfile {
            display_name: format!("{} {}", human.given, human.family),
            given_name: Some(human.given.clone()),
            family_name: Some(human.family.clone()),
            emails: vec![human.email.clone()],
            ..PersonProfile::default()
        },
        active: true,
        created_at: Timestamp::ALWAYS,
        version: 1,
    });
    id
}

/// The text as it stands in an address.
fn plain(text: &str) -> String {
    let folded = counterpart_model::folding::fold(text);
    folded.replace([' ', '\''], "")
}
