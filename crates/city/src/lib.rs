//! An invented city: streets, water, shops, people, and how they move through it all day.
//!
//! Everything is computed from a seed; nothing is read or written, and no clock is asked. Times are Unix
//! milliseconds; the traffic of the hour follows Chinese time (UTC+8).
//!
//! ```
//! use city::{City, DEMO_CENTRE, DEMO_SEED, PhoneModel, phone_observe, story_day};
//! use rand::SeedableRng;
//!
//! let [lng, lat] = DEMO_CENTRE;
//! let city = City::generate(DEMO_SEED, geo::LngLat::new(lng, lat)?);
//! let midnight_ms = 1_763_568_000_000; // 2025-11-20 in China
//! let story = story_day(&city, midnight_ms);
//! let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! let mut phone = PhoneModel::balanced();
//! phone.outages.push(story.gap_ms);
//! let fixes = phone_observe(story.script.between(story.duty_start_ms, story.duty_end_ms), &phone, &mut rng);
//! assert!(fixes.len() > 500 && (story.driven_m - 38_000.0).abs() < 30.0);
//! # Ok::<(), geo::OutOfRange>(())
//! ```

mod basemap;
mod buildings;
mod canvas;
mod city;
mod course;
mod day;
mod drive;
mod find;
mod graph;
mod mesh;
mod names;
mod path;
mod people;
mod phone;
mod photo;
mod place;
mod plan;
mod shape;
mod shops;
mod site;
mod story;
mod street;
mod subdivide;
mod track;

pub use buildings::Building;
pub use city::{Block, City, Ground};
pub use day::{DayEvent, DayPlan, DayScript, Happening, Stop, day_script};
pub use drive::{DriveStyle, drive, drive_way};
pub use find::OnEdge;
pub use graph::{Edge, Node, Street};
pub use names::Name;
pub use path::{Junction, Way, WayPoint};
pub use people::{Person, people};
pub use phone::{Observed, PhoneModel, phone_observe};
pub use photo::{PHOTO_LIMIT, shelf_jpeg, shop_front_jpeg};
pub use place::{District, Place, PlaceKind};
pub use shops::{Grade, Shop, ShopKind};
pub use story::{HOME_M, LEGS_M, Story, StoryCustomer, VISIT_MINUTES, story_day};
pub use street::StreetClass;
pub use track::{Motion, Sky, TruePoint, stay_indoor, travelled_m, walk};

/// The city of the demo: this seed round this centre (WGS-84 longitude, latitude).
pub const DEMO_SEED: u64 = 7;
pub const DEMO_CENTRE: [f64; 2] = [118.79, 32.05];
