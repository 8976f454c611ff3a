//! GPX files: tracks recorded by something else and handed in later. Every point is marked as back-fill, because
//! nobody can tell how it came to be; a break between segments stays a gap as any silence does.

use geo::LngLat;
use quick_xml::{Reader, XmlVersion, events::Event};

use super::{Decoded, Reply, Report, Unreadable, time::iso};
use crate::reading::Reading;

/// More points than a day of one a second are no day's track.
const MOST: usize = 100_000;

/// The value of a point that is being read.
#[derive(Clone, Copy, PartialEq)]
enum Field {
    Time,
    Elevation,
    Speed,
    Course,
    Other,
}

/// Points of all tracks with a time, as back-fill. Points without one are counted as invalid.
pub(super) fn decode(body: &[u8]) -> Result<Decoded, Unreadable> {
    let unreadable = |e: quick_xml::Error| Unreadable(format!("not a GPX file: {e}"));
    let mut reader = Reader::from_reader(body);
    let mut decoded = Decoded::new(Reply::Empty);
    let (mut gpx, mut field, mut text) = (false, Field::Other, String::new());
    let mut point: Option<Point> = None;
    let mut buffer = vec![];
    loop {
        match reader.read_event_into(&mut buffer).map_err(unreadable)? {
            Event::Eof => break,
            Event::Start(tag) => {
                text.clear();
                field = Field::Other;
                match tag.local_name().as_ref() {
                    "gpx" => gpx = true,
                    "trkpt" => point = Some(Point::at(&tag)),
                    "time" => field = Field::Time,
                    "ele" => field = Field::Elevation,
                    "speed" => field = Field::Speed,
                    "course" => field = Field::Course,
                    _ => {}
                }
            }
            // a point without a time
            Event::Empty(tag) if tag.local_name().as_ref() == "trkpt" => decoded.invalid += 1,
            Event::Text(t) => {
                text.push_str(&t);
            }
            Event::End(tag) if tag.local_name().as_ref() == "trkpt" => {
                match point.take().and_then(Point::report) {
                    Some(report) if decoded.reports.len() < MOST => decoded.reports.push(report),
                    _ => decoded.invalid += 1,
                }
            }
            Event::End(_) => {
                if let Some(point) = &mut point {
                    point.set(field, text.trim());
                }
                field = Field::Other;
            }
            _ => {}
        }
        buffer.clear();
    }
    if gpx { Ok(decoded) } else { Err(Unreadable("not a GPX file".into())) }
}

#[derive(Default)]
struct Point {
    lng: Option<f64>,
    lat: Option<f64>,
    when: Option<super::When>,
    altitude: Option<f64>,
    speed: Option<f64>,
    course: Option<f64>,
}

impl Point {
    fn at(tag: &quick_xml::events::BytesStart) -> Point {
        let number = |name: &str| {
            let attribute = tag.try_get_attribute(name).ok().flatten()?;
            attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.trim().parse().ok()
        };
        Point { lng: number("lon"), lat: number("lat"), ..Point::default() }
    }

    fn set(&mut self, field: Field, text: &str) {
        match field {
            Field::Time => self.when = iso(text),
            Field::Elevation => self.altitude = text.parse().ok(),
            // m/s, as version 1.0 and the extensions of recorders have it
            Field::Speed => self.speed = text.parse().ok(),
            Field::Course => self.course = text.parse().ok(),
            Field::Other => {}
        }
    }

    fn report(self) -> Option<Report> {
        let mut reading = Reading { backfill: true, ..Reading::default() };
        reading.set_place(LngLat::new(self.lng?, self.lat?).ok()?);
        reading.set_altitude(self.altitude);
        reading.set_speed(self.speed);
        reading.set_bearing(self.course);
        Some(Report { when: self.when?, reading, ..Report::default() })
    }
}
