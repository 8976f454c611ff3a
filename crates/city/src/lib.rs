//! An invented city: streets, water, shops, people, and how they move through it all day.
//!
//! Everything is computed from a seed; nothing is read or written, and no clock is asked.

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
