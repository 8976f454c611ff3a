//! Stamps a picture, to see how it looks: `cargo run -p tashi-picture --example stamp -- in.jpg out.jpg`.

use std::{error::Error, fs, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("stamp <picture> <copy>".into());
    };
    let stamp = picture::Stamp {
        time: "10:33".into(),
        date: "2026-11-20 周五".into(),
        place: "苏福便利（新街口店） · 南京市玄武区中山路 88 号德基广场负一层 B109 号铺".into(),
        person: "张玥 · 华东一部".into(),
        position: "32.06031, 118.79690 ±9 m".into(),
        received: Some("11:05 收到".into()),
        code: "C04E 19AB".into(),
    };
    let original = fs::read(from)?;
    let begun = Instant::now();
    let copies = picture::develop(&original, &stamp).map_err(|e| format!("{e:?}"))?;
    println!("{} ms, {} and {} bytes", begun.elapsed().as_millis(), copies.stamped.len(), copies.thumb.len());
    fs::write(&to, copies.stamped)?;
    fs::write(format!("{to}.thumb.jpg"), copies.thumb)?;
    Ok(())
}
