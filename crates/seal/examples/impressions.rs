//! Writes one impression of each kind as SVG: `cargo run --example impressions -- DIR`.

use vermilion_seal::{CompanySeal, Impression, Point, Purpose, Stroke};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    let stroke = |y0: f64, bend: f64| -> Stroke {
        let wave =
            |i: f64| Point { x: i * 6.0, y: y0 + bend * (i / 5.0).sin(), t: Some(i * i * 2.0), p: None };
        (0..40).map(f64::from).map(wave).collect()
    };
    std::fs::write(
        dir.join("drawn.svg"),
        Impression::from_strokes(&[stroke(20.0, 30.0), stroke(60.0, -20.0)])?.svg(),
    )?;
    std::fs::write(dir.join("typed.svg"), Impression::typed("陈晓明")?.svg())?;
    let names = [
        "远山机械制造有限公司",
        "北京衡信电子签章科技有限公司",
        "星河厂",
        "Xinghe Technology (Shanghai) Co., Ltd.",
    ];
    for (i, name) in names.into_iter().enumerate() {
        let purpose = if i % 2 == 0 { Purpose::Contract } else { Purpose::Company };
        let number = Some("1101080123456".into());
        let seal = CompanySeal { name: name.into(), purpose, number, diameter_mm: 40.0 };
        std::fs::write(dir.join(format!("seal-{i}.svg")), Impression::company(&seal)?.svg())?;
    }
    Ok(())
}
