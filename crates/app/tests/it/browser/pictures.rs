//! Pictures of the portal. Nothing is tested here; `make screenshots` asks for them.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;

use super::demo::Demo;
use super::sight;
use super::tour::{self, Companion};
use super::visitor::{DESK, PHONE, Scheme, Scripts, Size, Visitor};
use crate::served::Served;

/// The largest picture worth having in a repository, in bytes.
const LARGEST: usize = 200_000;
/// Brings the person whose reasons are open to the top of the window.
const SHOW_THE_PERSON: &str = "const person = document.querySelector('.why').closest('tbody');
    scrollBy(0, person.getBoundingClientRect().top - 10)";
/// The most that is shown of a long page, in pixels.
const LONGEST: u64 = 3_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes docs/images; `make screenshots` runs it"]
async fn the_documentation_shows_the_demo() {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images");
    std::fs::create_dir_all(&images).expect("a folder");
    let demo = Demo::open().await;
    let shots = [
        ("mapping", DESK, Scheme::Light),
        ("mapping-dark", DESK, Scheme::Dark),
        ("mapping-390", PHONE, Scheme::Light),
    ];
    for (name, size, scheme) in shots {
        demo.visitor.turn(size, scheme).await;
        demo.go("/mapping?show=needs-you").await;
        demo.visitor.click(sight::WHY_PROPOSED).await;
        demo.visitor.see(&sight::class("why")).await;
        let scroll = if size == PHONE {
            SHOW_THE_PERSON
        } else {
            "scrollTo(0, 0)"
        };
        demo.visitor
            .ask(&format!("document.activeElement.blur(); {scroll}"))
            .await;
        let picture = demo.visitor.picture().await;
        assert!(
            picture.len() < LARGEST,
            "{name} has {} bytes",
            picture.len()
        );
        std::fs::write(images.join(format!("{name}.png")), picture).expect("a picture");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the folder COUNTERPART_PICTURES; `make screenshots PICTURES=folder` runs it"]
async fn an_album_shows_every_page() {
    let folder = std::env::var_os("COUNTERPART_PICTURES").filter(|folder| !folder.is_empty());
    let folder = PathBuf::from(folder.expect("COUNTERPART_PICTURES names a folder"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut album = Album { folder };

    let data = tempfile::tempdir().expect("a folder");
    let mut server = Served::start(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let address = server.says("Counterpart serves ");
    let link = server.says(&format!("{address}setup/"));
    let visitor = Visitor::arrive(Scripts::On).await;
    visitor.go(&format!("{address}setup/{link}")).await;
    album.look(&visitor, "set-up").await;
    visitor.go(&format!("{address}sign-in")).await;
    album.look(&visitor, "sign-in").await;

    let demo = Demo::open().await;
    tour::others(&demo, &mut album).await;
    tour::mapping(&demo, &mut album).await;
    tour::upkeep(&demo, &mut album).await;
    tour::second_person(&demo, &mut album).await;
}

/// A folder of pictures.
struct Album {
    folder: PathBuf,
}

impl Companion for Album {
    async fn look(&mut self, visitor: &Visitor, name: &str) {
        for (width, size) in [(1440, DESK), (390, PHONE)] {
            for scheme in [Scheme::Light, Scheme::Dark] {
                visitor.turn(size, scheme).await;
                let picture = whole_page(visitor, size).await;
                let file = format!("{name}-{width}-{}.png", scheme.name());
                std::fs::write(self.folder.join(file), picture).expect("a picture");
            }
        }
        visitor.turn(DESK, Scheme::Light).await;
    }
}

/// The page from its top to its end, if that is not too far away.
async fn whole_page(visitor: &Visitor, (width, least): Size) -> Vec<u8> {
    let height = visitor
        .ask("return document.scrollingElement.scrollHeight")
        .await;
    let height = height
        .as_u64()
        .unwrap_or_default()
        .clamp(u64::from(least), LONGEST);
    let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
    let asked = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
    let answer = visitor.chromium("Page.captureScreenshot", asked).await;
    BASE64
        .decode(answer["data"].as_str().expect("a picture"))
        .expect("base64")
}
