//! What changes every day and makes no mapping untrue.

use counterpart_model::{CrmUserState, DecisionKind, Timestamp, folding};

use super::causes::{hire, profile_named, rename};
use super::house::House;

type Change = fn(&mut House);

/// Every benign change.
pub(super) const ALL: [(&str, Change); 22] = [
    ("a promotion", promotion),
    ("signing in", signing_in),
    ("capitals", capitals),
    ("white space", white_space),
    ("lost accents", lost_accents),
    ("a short form", short_form),
    ("a middle initial", middle_initial),
    ("the order of names", order_of_names),
    ("an alias", alias),
    ("a new main address, the old one kept", new_main_address),
    ("a tag in the address", tagged_address),
    ("everybody's domain", everybodys_domain),
    ("names hidden", names_hidden),
    ("addresses hidden", addresses_hidden),
    ("another licence", another_licence),
    ("licences hidden", licences_hidden),
    ("a marriage on both sides", marriage_on_both_sides),
    ("an address that the platform knows", address_known),
    ("a newcomer", newcomer),
    ("a namesake", namesake),
    ("a shared seat handed on", shared_seat),
    ("an employee number filled in", employee_number),
];

fn promotion(house: &mut House) {
    let at = house.anybody();
    let profile = house.profile(at);
    profile.title = Some("Head of Everything".to_owned());
    profile.department = Some("Board".to_owned());
    profile.role = Some("Manager".to_owned());
    profile.phones = vec!["+49 30 5550100".to_owned()];
}

fn signing_in(house: &mut House) {
    let at = house.anybody();
    house.profile(at).state = CrmUserState::Invited;
    house.confirm(at);
    let profile = house.profile(at);
    profile.state = CrmUserState::Active;
    profile.last_login_at = Some(Timestamp::ALWAYS);
}

/// Changes every form of somebody's name.
fn respell(house: &mut House, spell: impl Fn(&str) -> String) {
    let at = house.anybody();
    let profile = house.profile(at);
    profile.display_name = spell(&profile.display_name);
    profile.given_name = profile.given_name.as_deref().map(&spell);
    profile.family_name = profile.family_name.as_deref().map(&spell);
}

fn capitals(house: &mut House) {
    respell(house, str::to_uppercase);
    let at = house.anybody();
    let profile = house.profile(at);
    profile.emails = profile.emails.iter().map(|it| it.to_uppercase()).collect();
}

fn white_space(house: &mut House) {
    respell(house, |name| format!(" {}  ", name.replace(' ', "  ")));
}

fn lost_accents(house: &mut House) {
    respell(house, folding::fold);
}

fn short_form(house: &mut House) {
    const FORMS: [(&str, &str); 4] = [
        ("Elizabeth", "Liz"),
        ("William", "Bill"),
        ("Robert", "Bob"),
        ("Katharina", "Kathi"),
    ];
    let at = house.anybody();
    let (long, short) = FORMS[house.below(FORMS.len())];
    let Some(family) = house.people[at].profile.family_name.clone() else {
        return;
    };
    rename(house.profile(at), short, &family);
    house.people[at].profile.given_name = Some(short.to_owned());
    house.people[at].profile.display_name = format!("{short} {family}");
    house.confirm(at);
    rename(house.profile(at), long, &family);
}

fn middle_initial(house: &mut House) {
    let at = house.anybody();
    let profile = &house.people[at].profile;
    let Some((given, family)) = profile.given_name.clone().zip(profile.family_name.clone()) else {
        return;
    };
    rename(house.profile(at), &format!("{given} Q."), &family);
}

fn order_of_names(house: &mut House) {
    let at = house.anybody();
    let profile = &house.people[at].profile;
    let Some((given, family)) = profile.given_name.clone().zip(profile.family_name.clone()) else {
        return;
    };
    let profile = house.profile(at);
    profile.display_name = if profile.display_name.contains(',') {
        format!("{given} {family}")
    } else {
        format!("{family}, {given}")
    };
    if profile.given_name.is_some() {
        profile.given_name = Some(family);
        profile.family_name = Some(given);
    }
}

fn alias(house: &mut House) {
    let at = house.anybody();
    let alias = "front.desk.alias@northwind-support.example".to_owned();
    house.profile(at).emails.push(alias);
}

fn new_main_address(house: &mut House) {
    let at = house.anybody();
    let address = "a.better.one@northwind-support.example".to_owned();
    house.profile(at).emails.insert(0, address);
}

fn tagged_address(house: &mut House) {
    let at = house.anybody();
    let profile = house.profile(at);
    profile.emails = vec![profile.emails[0].replace('@', "+crm@")];
}

fn everybodys_domain(house: &mut House) {
    for user in &mut house.users {
        for email in &mut user.profile.emails {
            let local = email.split('@').next().unwrap_or_default();
            *email = format!("{local}@new-name.example");
        }
    }
}

fn names_hidden(house: &mut House) {
    for user in &mut house.users {
        user.profile.display_name = String::new();
        user.profile.given_name = None;
        user.profile.family_name = None;
    }
}

fn addresses_hidden(house: &mut House) {
    for user in &mut house.users {
        user.profile.emails = Vec::new();
    }
}

fn another_licence(house: &mut House) {
    let at = house.anybody();
    house.profile(at).licence = Some("Light".to_owned());
}

fn licences_hidden(house: &mut House) {
    for user in &mut house.users {
        user.profile.licence = None;
    }
}

fn marriage_on_both_sides(house: &mut House) {
    let at = house.anybody();
    let Some(given) = house.people[at].profile.given_name.clone() else {
        return;
    };
    let family = house.stranger().family;
    rename(house.profile(at), &given, &family);
    let address = "married@northwind-support.example".to_owned();
    house.profile(at).emails = vec![address.clone()];
    let person = &mut house.people[at].profile;
    person.display_name = format!("{given} {family}");
    person.family_name = Some(family);
    person.emails = vec![address];
}

fn address_known(house: &mut House) {
    let at = house.anybody();
    let address = "private@mail.example".to_owned();
    house.people[at].profile.emails.push(address.clone());
    house.profile(at).emails = vec![address];
}

fn newcomer(house: &mut House) {
    let stranger = house.stranger();
    hire(house, &stranger);
    house.add_user(profile_named(&stranger));
}

fn namesake(house: &mut House) {
    let at = house.anybody();
    let mut stranger = house.stranger();
    let profile = &house.people[at].profile;
    stranger.given = profile.given_name.clone().unwrap_or_default();
    stranger.family = profile.family_name.clone().unwrap_or_default();
    house.add_user(profile_named(&stranger));
}

fn shared_seat(house: &mut House) {
    let at = house.anybody();
    let crm_user_id = house.users[at].id.clone();
    house.decide(DecisionKind::SharedSeat { crm_user_id });
    let stranger = house.stranger();
    *house.profile(at) = profile_named(&stranger);
}

fn employee_number(house: &mut House) {
    let at = house.anybody();
    house.profile(at).employee_number = Some("E4711".to_owned());
}
