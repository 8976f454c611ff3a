//! A statement on paper: the same bytes each time, every day on it, many pages when there is much to tell.

#![allow(clippy::unwrap_used)]

use base::{LocalDay, problem::Lang};
use geo::{LngLat, destination};
use track::{
    Fix, Rules, Window,
    statement::{Export, ExportDay, FORMAT, Person, Position, statement},
};
use uuid::Uuid;

fn export(days: i8) -> Export {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let one = |n: i8| {
        let day = LocalDay::new(2026, 11, n).unwrap();
        let nine = day.at_minute(540, &zone).0 / 1000;
        let mut place = LngLat::new(118.8, 32.0).unwrap();
        let mut positions = vec![];
        for s in 0..3600 {
            let driving = (s / 600) % 2 == 1;
            if driving {
                place = destination(place, 40.0, 12.0);
            }
            if s % 10 == 0 {
                let speed = if driving { 12.0 } else { 0.0 };
                let fix =
                    Fix { speed_mps: Some(speed), acc_m: Some(6.0), ..Fix::new(nine + s * 1000, place) };
                positions.push(Position::of(&fix));
            }
        }
        ExportDay {
            duty: vec![Window::new(nine, nine + 8 * 3_600_000)],
            private: vec![Window::new(nine + 3 * 3_600_000, nine + 4 * 3_600_000)],
            refused: [("off_duty".to_owned(), 1200), ("private".to_owned(), 64)].into(),
            removed: 3,
            positions,
            ..ExportDay::empty(day)
        }
    };
    Export {
        format: FORMAT.into(),
        company: "惠民饮品（南京）有限公司".into(),
        person: Person {
            id: Uuid::nil(),
            name: "张伟".into(),
            code: Some("A-017".into()),
            department: "城南一区".into(),
        },
        month: "2026-11".into(),
        time_zone: "Asia/Shanghai".into(),
        rules: Rules::default(),
        days: (1..=days).map(one).collect(),
    }
}

#[test]
fn the_same_statement_is_the_same_file() {
    let made = statement(export(4)).unwrap();
    let mut other = export(4);
    other.days.reverse();
    other.days[0].positions.reverse();
    let again = statement(other).unwrap();
    for lang in [Lang::Zh, Lang::En] {
        let pdf = paper::statement(&made, lang).unwrap();
        assert!(pdf.starts_with(b"%PDF-1."));
        assert_eq!(pdf, paper::statement(&again, lang).unwrap());
        // the typeface is cut down to what is used
        assert!(pdf.len() < 200_000, "{} bytes", pdf.len());
        if let Ok(folder) = std::env::var("PAPER_OUT") {
            std::fs::write(format!("{folder}/statement-{lang:?}.pdf"), &pdf).unwrap();
        }
    }
    assert_ne!(paper::statement(&made, Lang::Zh).unwrap(), paper::statement(&made, Lang::En).unwrap());
}

#[test]
fn a_long_month_and_an_empty_one_are_printed_too() {
    let pages = |days| {
        let pdf = paper::statement(&statement(export(days)).unwrap(), Lang::Zh).unwrap();
        // page objects are never compressed
        String::from_utf8_lossy(&pdf).matches("/Type/Page/").count()
    };
    assert_eq!(pages(0), 1);
    assert!(pages(30) > 5, "{}", pages(30));
}
