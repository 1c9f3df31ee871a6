use counterpart_model::*;
use counterpart_store::conformance::fixture::*;
use counterpart_store::grid::GridQuery;
use counterpart_store::*;
use std::time::Instant;

fn rss() -> String {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    s.lines()
        .find(|l| l.starts_with("VmRSS"))
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn figures() {
    let f = super::open(std::time::Duration::from_secs(60)).await;
    let store: &dyn Store = conformance::Fixture::store(&f);
    println!("idle {}", rss());
    let world = World::found(store, "figures").await;
    let mut cs = vec![];
    for n in ["A", "B", "C"] {
        cs.push(world.connect(n).await);
    }
    let users: Vec<_> = (0..10_000)
        .map(|n| Pulled::new(&format!("005A{n:011}AAA"), &format!("User Number{n}")))
        .collect();
    for c in &cs {
        let t = Instant::now();
        world.sync(*c, &users).await;
        println!("sync 10k {:?}", t.elapsed());
    }
    let t = Instant::now();
    world.sync(cs[0], &users).await;
    println!("sync again 10k {:?}", t.elapsed());
    let names: Vec<String> = (0..10_000).map(|n| format!("User Number{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let t = Instant::now();
    let people = world.add_people(&names).await;
    println!("add 10k people {:?}", t.elapsed());
    let t = Instant::now();
    let mut lines = vec![];
    for c in &cs {
        for (p, u) in people.iter().zip(&users).take(7_000) {
            lines.push(ChangeLine::add_mapping(world.mapping(*c, p.id, &u.id.0)));
        }
    }
    world.apply(lines).await;
    println!("map 21k {:?}", t.elapsed());
    let t = Instant::now();
    for c in &cs {
        let ps: Vec<_> = people
            .iter()
            .zip(&users)
            .skip(7_000)
            .take(2000)
            .map(|(p, u)| World::proposal(*c, p.id, &u.id.0))
            .collect();
        world.propose(*c, &ps).await;
    }
    println!("propose 6k {:?}", t.elapsed());
    for _ in 0..3 {
        let t = Instant::now();
        world.refresh().await;
        println!("refresh {:?}", t.elapsed());
    }
    let t = Instant::now();
    world.refresh_some(None, Some(&[people[5].id])).await;
    println!("refresh one {:?}", t.elapsed());
    let some: Vec<_> = people.iter().take(100).map(|p| p.id).collect();
    let t = Instant::now();
    world.refresh_some(None, Some(&some)).await;
    println!("refresh 100 {:?}", t.elapsed());
    let q = |w: &str, s: &[Situation], c| GridQuery {
        words: if w.is_empty() { vec![] } else { words(w) },
        situations: s.to_vec(),
        connection_id: c,
    };
    for (label, q) in [
        ("first page", q("", &[], None)),
        ("focus", q("", &[], Some(cs[1]))),
        ("unmapped", q("", &[Situation::Unmapped], None)),
        ("held", q("", &[Situation::Held], None)),
        ("drifted", q("", &[Situation::Drifted], Some(cs[0]))),
        ("number999", q("number999", &[], None)),
        ("none", q("zzzz", &[], None)),
        ("crm id", q("005A00000000042", &[], None)),
        ("user", q("user", &[], None)),
        ("2 chars", q("zz", &[], None)),
        ("2 words", q("user number77", &[], None)),
        ("proposed+word", q("number8", &[Situation::Proposed], None)),
    ] {
        let t = Instant::now();
        let n = store
            .list_grid(world.id(), &q, &PageRequest::first(50))
            .await
            .unwrap()
            .items
            .len();
        let cold = t.elapsed();
        let t = Instant::now();
        store
            .list_grid(world.id(), &q, &PageRequest::first(50))
            .await
            .unwrap();
        println!("grid {label}: {n} rows, {cold:?} then {:?}", t.elapsed());
    }
    let t = Instant::now();
    store.count_situations(world.id()).await.unwrap();
    println!("count_situations {:?}", t.elapsed());
    let t = Instant::now();
    store
        .count_people_in(world.id(), &[Situation::Proposed, Situation::Drifted], None)
        .await
        .unwrap();
    println!("count_people_in {:?}", t.elapsed());
    let q = crm_users::CrmUserQuery {
        words: words("number42"),
        usable_only: true,
        people_only: true,
        unmapped_at: Some(world.now()),
    };
    let t = Instant::now();
    store
        .list_crm_users(world.id(), cs[0], &q, &PageRequest::first(20))
        .await
        .unwrap();
    println!("typeahead {:?}", t.elapsed());
    let q = crm_users::CrmUserQuery {
        words: words("nu"),
        ..q
    };
    let t = Instant::now();
    store
        .list_crm_users(world.id(), cs[0], &q, &PageRequest::first(20))
        .await
        .unwrap();
    println!("typeahead 2 chars {:?}", t.elapsed());
    let mut after = None;
    let t = Instant::now();
    let mut n = 0;
    loop {
        let p = store
            .list_grid(
                world.id(),
                &GridQuery::default(),
                &PageRequest::new(after, 200),
            )
            .await
            .unwrap();
        n += p.items.len();
        after = p.next;
        if after.is_none() {
            break;
        }
    }
    println!("whole grid {n} in {:?}", t.elapsed());
    drop(people);
    drop(users);
    println!("loaded {}", rss());
}
