//! The seeded directories overlap the way real ones do.

use std::collections::{BTreeMap, HashMap, HashSet};

use counterpart_emulators::{
    Options, Running, User, UserKind, catalogue, platform_directory, start, truth,
};

async fn directories(people: usize) -> Vec<(Running, Vec<User>, BTreeMap<String, String>)> {
    let mut all = Vec::new();
    for info in catalogue() {
        let running = start(
            info.name,
            Options {
                people,
                ..Options::default()
            },
        )
        .await
        .expect("it starts");
        let users = running.control().users();
        let truth = truth(1, people, info.name).expect("a known emulator");
        all.push((running, users, truth));
    }
    all
}

/// The directories of CRMs. The platform's own, where everybody has an account, is no riddle.
async fn crms(people: usize) -> Vec<(Running, Vec<User>, BTreeMap<String, String>)> {
    let all = directories(people).await.into_iter();
    all.filter(|(_, _, truth)| truth.len() < people).collect()
}

#[tokio::test]
async fn the_platforms_own_directory_has_everybody_as_they_are() {
    let people = platform_directory(1, 60);
    let all = directories(60).await.into_iter();
    let own: Vec<_> = all.filter(|(_, _, truth)| truth.len() == 60).collect();
    assert!(!own.is_empty(), "no emulator is a platform's");
    for (_, users, truth) in own {
        let by_id: HashMap<_, _> = users.iter().map(|user| (&user.id, user)).collect();
        for person in &people {
            let user = by_id[&truth[&person.external_id]];
            assert_eq!(
                (&user.email, &user.extension),
                (&person.email, &person.extension)
            );
            assert_eq!(
                (&user.phone, user.full_name()),
                (&person.phone, person.display_name.clone())
            );
        }
        assert!(
            users.iter().any(|user| !user.is_active()),
            "those who left are there"
        );
    }
}

#[tokio::test]
async fn sixty_people_make_sixty_to_seventy_five_users() {
    for (running, users, truth) in crms(60).await {
        let name = running.info().name;
        assert!((60..=75).contains(&users.len()), "{name}: {}", users.len());
        let missing = 60 - truth.len();
        assert!(
            (2..=4).contains(&missing),
            "{name}: {missing} people have no account"
        );
        let nobody = users.len() - truth.len();
        assert!(
            (8..=18).contains(&nobody),
            "{name}: {nobody} users are nobody"
        );
        assert_eq!(
            users
                .iter()
                .filter(|user| user.kind == UserKind::Connecting)
                .count(),
            1
        );
        assert!(users.iter().any(|user| !user.is_active()));
    }
}

#[tokio::test]
async fn the_truth_is_one_to_one_and_names_active_users() {
    for (running, users, truth) in directories(600).await {
        let by_id: HashMap<_, _> = users.iter().map(|user| (&user.id, user)).collect();
        assert_eq!(by_id.len(), users.len(), "ids are unique");
        let targets: HashSet<_> = truth.values().collect();
        assert_eq!(targets.len(), truth.len(), "{}", running.info().name);
        assert!(
            targets
                .iter()
                .all(|id| by_id[id].is_active() && by_id[id].kind == UserKind::Person)
        );
    }
}

/// Most people can be told by something: the address whatever its case, tag or domain, a number,
/// or the name.
#[tokio::test]
async fn nine_of_ten_people_can_be_recognised() {
    let people = platform_directory(1, 60);
    for (running, users, truth) in crms(60).await {
        let by_id: HashMap<_, _> = users.iter().map(|user| (user.id.as_str(), user)).collect();
        let local = |email: &str| {
            let local = email.split('@').next().unwrap_or_default().to_lowercase();
            local.split('+').next().unwrap_or_default().to_owned()
        };
        let recognised = people.iter().filter(|person| {
            let Some(user) = truth.get(&person.external_id).map(|id| by_id[id.as_str()]) else {
                return false;
            };
            local(&user.email) == local(&person.email)
                || (user.extension.is_some() && user.extension == person.extension)
                || user.full_name() == person.display_name
        });
        let recognised = recognised.count();
        assert!(
            recognised * 100 >= truth.len() * 93,
            "{}: {recognised} of {}",
            running.info().name,
            truth.len()
        );
    }
}

#[tokio::test]
async fn an_exact_match_of_addresses_misses_many() {
    let people = platform_directory(1, 60);
    for (running, users, _) in crms(60).await {
        let addresses: HashSet<_> = users.iter().map(|user| user.email.as_str()).collect();
        let exact = people
            .iter()
            .filter(|person| addresses.contains(person.email.as_str()))
            .count();
        // A phone system has the platform's own addresses: all but of those who are hard to tell.
        let is_platform = exact >= 50;
        assert!(
            (20..=48).contains(&exact) || is_platform,
            "{}: {exact}",
            running.info().name
        );
    }
}

#[tokio::test]
async fn two_users_share_an_address_and_one_of_them_is_off() {
    for (running, users, _) in crms(60).await {
        let mut by_address: HashMap<String, Vec<&User>> = HashMap::new();
        for user in &users {
            by_address
                .entry(user.email.to_lowercase())
                .or_default()
                .push(user);
        }
        let doubles: Vec<_> = by_address
            .values()
            .filter(|users| users.len() > 1)
            .collect();
        assert_eq!(doubles.len(), 2, "{}", running.info().name);
        assert!(
            doubles
                .iter()
                .all(|pair| pair.iter().filter(|user| user.is_active()).count() == 1)
        );
    }
}

#[tokio::test]
async fn small_and_large_directories_start_too() {
    for people in [0, 1, 7, 10_000] {
        for (_, users, _) in directories(people).await {
            assert!(
                users.len() >= people && users.iter().any(|user| user.kind == UserKind::Connecting)
            );
        }
    }
}

#[tokio::test]
async fn only_the_meant_namesakes_share_a_name_at_any_size() {
    let people = platform_directory(1, 3000);
    let names: HashSet<_> = people.iter().map(|person| &person.display_name).collect();
    for (running, users, truth) in crms(3000).await {
        let ours: HashSet<_> = truth.values().collect();
        let strangers = users.iter().filter(|user| {
            !ours.contains(&user.id) && user.is_active() && names.contains(&user.full_name())
        });
        assert_eq!(
            strangers.count(),
            1,
            "{}: the customer's employee",
            running.info().name
        );
    }
}
