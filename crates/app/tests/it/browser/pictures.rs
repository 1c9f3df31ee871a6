//! Pictures of the portal. Nothing is tested here; `make screenshots` asks for it.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;

use super::demo::Demo;
use super::sight;
use super::visitor::{DESK, PHONE, Scheme, Size, Visitor};

/// The largest picture worth having in a repository, in bytes.
const LARGEST: usize = 200_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes docs/images: make screenshots"]
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
        open_a_proposal(&demo).await;
        let picture = demo.visitor.picture().await;
        assert!(picture.len() < LARGEST, "{name} has {} bytes", picture.len());
        std::fs::write(images.join(format!("{name}.png")), picture).expect("a picture");
    }
}

/// The grid from its top, with the reasons of the first proposal.
async fn open_a_proposal(demo: &Demo) {
    demo.go("/mapping").await;
    demo.visitor.click(&sight::control_starting("Why ")).await;
    demo.visitor.see(&sight::class("why")).await;
    demo.visitor.ask("scrollTo(0, 0)").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the folder COUNTERPART_PICTURES: make screenshots PICTURES=folder"]
async fn every_page_is_shown_at_every_size() {
    let folder = std::env::var("COUNTERPART_PICTURES").unwrap_or_default();
    if folder.is_empty() {
        return;
    }
    let album = Album { folder: folder.into() };
    let demo = Demo::open().await;
    album.add(&demo.visitor, "overview").await;
    for (name, path) in super::pages::NAMED {
        demo.go(path).await;
        album.add(&demo.visitor, name).await;
    }
}

/// A folder of pictures.
struct Album {
    folder: PathBuf,
}

impl Album {
    /// The page that is open, whole, in both sizes and both schemes.
    async fn add(&self, visitor: &Visitor, name: &str) {
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
    const MOST: u64 = 3_000;
    let height = visitor.ask("return document.scrollingElement.scrollHeight").await;
    let height = height.as_u64().unwrap_or_default().clamp(u64::from(least), MOST);
    let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
    let asked = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
    let answer = visitor.chromium("Page.captureScreenshot", asked).await;
    BASE64.decode(answer["data"].as_str().expect("a picture")).expect("base64")
}
