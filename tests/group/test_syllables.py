"""Languages whose words no space parts: written in syllables, or in letters without a gap."""

import pytest

from bot.group import group_articles
from bot.group.terms import terms
from tests.fakes.news import article

# What any report says, of which none tells an event from another.
ROUTINE = {
    "vi": (
        " Theo cơ quan chức năng, nguyên nhân vụ việc đang được làm rõ và sẽ có kết quả sớm nhất.",
        " Ông cho biết thêm rằng người dân địa phương đã được thông báo về việc này từ tuần trước.",
        " Trước đó, trong năm nay, tỉnh cũng đã có nhiều cuộc họp để bàn về các vấn đề như vậy.",
    ),
    "th": (
        " เจ้าหน้าที่ระบุว่าจะแจ้งรายละเอียดเพิ่มเติมให้ประชาชนทราบในภายหลัง",
        " ก่อนหน้านี้มีการประชุมหลายครั้งเกี่ยวกับเรื่องนี้ตั้งแต่ต้นปีที่ผ่านมา",
        " ผู้เกี่ยวข้องกล่าวว่าเรื่องนี้จะได้รับการพิจารณาอีกครั้งในสัปดาห์หน้า",
    ),
}
EVENTS = {
    "vi": {
        "dam": (
            (
                "Đập Hòa Lộc tích đầy nước sớm một năm",
                "Hồ chứa sau đập Hòa Lộc đã đầy tới 91 phần trăm vào tối thứ Năm, ban "
                "quản lý sông cho biết. Nông dân vùng hạ lưu được lấy nước trở lại từ thứ "
                "Hai.",
            ),
            (
                "Hồ chứa Hòa Lộc đầy nước sau mùa mưa lớn",
                "Mưa lớn đã làm đầy hồ chứa sau đập Hòa Lộc sớm hơn kế hoạch một năm, "
                "theo ban quản lý sông.",
            ),
            (
                "Nông dân hạ lưu đập Hòa Lộc được lấy nước trở lại",
                "Từ thứ Hai, nông dân ở hạ lưu được lấy nước từ hồ chứa Hòa Lộc, nay đã "
                "đầy 91 phần trăm.",
            ),
        ),
        "bridge": (
            (
                "Sập cầu treo ở xã Tân Khê, không ai bị thương",
                "Một cây cầu treo ở xã Tân Khê đã sập vào sáng thứ Năm. Không ai bị "
                "thương, công an xã cho biết.",
            ),
            (
                "Cầu treo Tân Khê sập xuống suối lúc rạng sáng",
                "Cây cầu treo dài 60 mét ở Tân Khê sập xuống suối trước giờ học sinh tới "
                "trường, công an cho biết.",
            ),
            (
                "Học sinh Tân Khê phải đi đò sau khi cầu treo sập",
                "Sau khi cầu treo sập, hơn 200 học sinh xã Tân Khê phải đi đò tới trường.",
            ),
        ),
        "strike": (
            (
                "Công nhân mỏ đồng Sơn Bách chấm dứt đình công",
                "Công nhân mỏ đồng Sơn Bách đã bỏ phiếu chấp nhận đề nghị tăng lương của "
                "công ty và trở lại làm việc vào thứ Bảy.",
            ),
            (
                "Đình công ở mỏ đồng Sơn Bách kết thúc",
                "Cuộc đình công kéo dài ba tuần tại mỏ đồng Sơn Bách đã kết thúc sau khi "
                "công ty đồng ý tăng lương.",
            ),
            (
                "Mỏ đồng Sơn Bách hoạt động trở lại sau ba tuần",
                "Ca làm đầu tiên sau đình công tại mỏ đồng Sơn Bách xuống hầm vào thứ Bảy.",
            ),
        ),
        "football": (
            (
                "Câu lạc bộ Bến Hạc thắng Phú Loan 3-1",
                "Bến Hạc đã thắng Phú Loan 3-1 trên sân nhà, với hai bàn thắng của Trần Duy Khoa.",
            ),
            (
                "Duy Khoa lập cú đúp, Bến Hạc đánh bại Phú Loan",
                "Hai bàn thắng của Trần Duy Khoa giúp Bến Hạc đánh bại Phú Loan và lên thứ ba.",
            ),
            (
                "Phú Loan thua trận thứ tư liên tiếp",
                "Phú Loan thua 1-3 trước Bến Hạc, trận thua thứ tư liên tiếp của câu lạc bộ.",
            ),
        ),
        "school": (
            (
                "Trường học ở Lâm Trúc dạy đọc bằng máy tính bảng",
                "Một nghiên cứu với 1.940 học sinh ở Lâm Trúc cho thấy phần mềm tập đọc "
                "giúp học sinh yếu tiến bộ nửa năm.",
            ),
            (
                "Phần mềm tập đọc giúp học sinh yếu ở Lâm Trúc",
                "Học sinh đọc yếu ở Lâm Trúc đã tiến bộ nửa năm nhờ phần mềm tập đọc, "
                "theo một nghiên cứu.",
            ),
            (
                "Nghiên cứu: học sinh Lâm Trúc đọc nhanh hơn nhờ phần mềm",
                "Phần mềm tập đọc không giúp gì cho học sinh vốn đã đọc tốt ở Lâm Trúc, "
                "nghiên cứu cho biết.",
            ),
        ),
        "tax": (
            (
                "Quốc hội Lorvia thông qua thuế đường",
                "Quốc hội Lorvia hôm thứ Tư thông qua thuế đường đối với nước ngọt, có "
                "hiệu lực từ tháng Một.",
            ),
            (
                "Lorvia đánh thuế đường từ tháng Một",
                "Nước ngọt ở Lorvia sẽ chịu thuế đường từ tháng Một sau cuộc bỏ phiếu của "
                "quốc hội.",
            ),
            (
                "Hãng nước ngọt phản đối thuế đường của Lorvia",
                "Các hãng nước ngọt nói thuế đường mà quốc hội Lorvia thông qua sẽ làm tăng giá.",
            ),
        ),
    },
    "th": {
        "dam": (
            (
                "เขื่อนโอรุนน้ำเต็มเร็วกว่ากำหนดหนึ่งปี",
                "อ่างเก็บน้ำเหนือเขื่อนโอรุนมีน้ำร้อยละ 91 เมื่อคืนวันพฤหัสบดี "
                "หน่วยงานลุ่มน้ำระบุ เกษตรกรท้ายเขื่อนสูบน้ำได้อีกครั้งตั้งแต่วันจันทร์",
            ),
            (
                "อ่างเก็บน้ำโอรุนเต็มหลังฝนตกหนัก",
                "ฝนตกหนักทำให้อ่างเก็บน้ำเขื่อนโอรุนเต็มเร็วกว่าแผนหนึ่งปี หน่วยงานลุ่มน้ำกล่าว",
            ),
            (
                "เกษตรกรท้ายเขื่อนโอรุนกลับมาสูบน้ำได้",
                "เกษตรกรจะสูบน้ำจากเขื่อนโอรุนได้ตั้งแต่วันจันทร์ หลังน้ำเต็มร้อยละ 91",
            ),
        ),
        "bridge": (
            (
                "สะพานแขวนบ้านธารคำพังถล่ม ไม่มีผู้บาดเจ็บ",
                "สะพานแขวนที่บ้านธารคำพังถล่มเมื่อเช้าวันพฤหัสบดี ตำรวจระบุว่าไม่มีผู้บาดเจ็บ",
            ),
            (
                "สะพานแขวนธารคำถล่มลงลำธารก่อนรุ่งสาง",
                "สะพานแขวนยาว 60 เมตรที่ธารคำถล่มลงลำธารก่อนนักเรียนเดินทางไปโรงเรียน",
            ),
            (
                "นักเรียนธารคำต้องนั่งเรือหลังสะพานแขวนถล่ม",
                "นักเรียนกว่า 200 คนในธารคำต้องนั่งเรือไปโรงเรียนหลังสะพานแขวนพังถล่ม",
            ),
        ),
        "strike": (
            (
                "คนงานเหมืองทองแดงเวลต์ยุติการนัดหยุดงาน",
                "คนงานเหมืองทองแดงเวลต์ลงคะแนนรับข้อเสนอขึ้นค่าแรงของบริษัท และจะกลับเข้าทำงานวันเสาร์",
            ),
            (
                "นัดหยุดงานที่เหมืองทองแดงเวลต์สิ้นสุด",
                "การนัดหยุดงานสามสัปดาห์ที่เหมืองทองแดงเวลต์สิ้นสุดลงหลังบริษัทยอมขึ้นค่าแรง",
            ),
            (
                "เหมืองทองแดงเวลต์เปิดอีกครั้งหลังหยุดสามสัปดาห์",
                "กะแรกหลังการนัดหยุดงานที่เหมืองทองแดงเวลต์จะลงหลุมวันเสาร์",
            ),
        ),
        "football": (
            (
                "สโมสรปากนกชนะดอนแก้ว 3-1",
                "ปากนกเปิดบ้านชนะดอนแก้ว 3-1 จากสองประตูของก้องภพ ศรีเวียง",
            ),
            (
                "ก้องภพยิงสองประตู ปากนกเฉือนดอนแก้ว",
                "สองประตูของก้องภพ ศรีเวียง ช่วยให้ปากนกเอาชนะดอนแก้วและขึ้นอันดับสาม",
            ),
            (
                "ดอนแก้วแพ้สี่นัดติด",
                "ดอนแก้วแพ้ปากนก 1-3 เป็นความพ่ายแพ้นัดที่สี่ติดต่อกันของสโมสร",
            ),
        ),
        "school": (
            (
                "โรงเรียนพิมาลัยสอนอ่านด้วยแท็บเล็ต",
                "งานวิจัยกับนักเรียน 1,940 คนในพิมาลัยพบว่าโปรแกรมฝึกอ่านช่วยให้เด็กอ่านอ่อนก้าวหน้าขึ้นครึ่งปี",
            ),
            (
                "โปรแกรมฝึกอ่านช่วยเด็กอ่านอ่อนในพิมาลัย",
                "เด็กอ่านอ่อนในพิมาลัยก้าวหน้าขึ้นครึ่งปีเพราะโปรแกรมฝึกอ่าน งานวิจัยระบุ",
            ),
            (
                "งานวิจัยชี้เด็กพิมาลัยอ่านเร็วขึ้นเพราะโปรแกรม",
                "โปรแกรมฝึกอ่านไม่ช่วยเด็กที่อ่านเก่งอยู่แล้วในพิมาลัย งานวิจัยระบุ",
            ),
        ),
        "tax": (
            (
                "สภาลอร์เวียผ่านภาษีน้ำตาล",
                "สภาลอร์เวียผ่านภาษีน้ำตาลสำหรับเครื่องดื่มเมื่อวันพุธ มีผลเดือนมกราคม",
            ),
            (
                "ลอร์เวียเก็บภาษีน้ำตาลตั้งแต่มกราคม",
                "เครื่องดื่มในลอร์เวียจะเสียภาษีน้ำตาลตั้งแต่เดือนมกราคมหลังสภาลงมติ",
            ),
            (
                "ผู้ผลิตเครื่องดื่มค้านภาษีน้ำตาลลอร์เวีย",
                "ผู้ผลิตเครื่องดื่มกล่าวว่าภาษีน้ำตาลที่สภาลอร์เวียผ่านจะทำให้ราคาแพงขึ้น",
            ),
        ),
    },
}


@pytest.mark.parametrize("language", sorted(EVENTS))
def test_six_events_in_three_reports_each_are_six_stories(language):
    rows = [
        (event, title, text + ROUTINE[language][(n + k) % 3] + ROUTINE[language][(n + k + 1) % 3])
        for n, (event, reports) in enumerate(EVENTS[language].items())
        for k, (title, text) in enumerate(reports)
    ]
    rows = [rows[7 * n % len(rows)] for n in range(len(rows))]  # no event's reports in a row
    articles = [
        article(title, text, language=language, age_h=20 - n / 2, url=f"https://s{n}.example/")
        for n, (_, title, text) in enumerate(rows)
    ]
    stories = group_articles(articles)
    assert sorted({rows[n][0] for n in story}.pop() for story in stories) == sorted(
        EVENTS[language]
    )
    assert [len(story) for story in stories] == [3] * 6


def test_a_syllable_keeps_its_accents_and_a_pair_of_the_headline_is_a_term():
    found = terms(article("Hòa Lộc, hoa lọc", "Đập Hòa Lộc.", language="vi"))
    assert list(found) == ["hòa", "lộc", "hoa", "lọc", "hòa lộc", "hoa lọc", "đập"]
    assert found["hòa lộc"] == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("สะพานถล่ม", ["สะพ", "ะพา", "พาน", "านถ", "นถล", "ถล่", "ล่ม"]),
        ("ฝน ABC 12", ["ฝน", "abc", "12"]),
        ("北溪镇", ["北溪", "溪镇"]),
    ],
)
def test_thai_is_read_by_three_letters_and_chinese_by_two(text, found):
    assert list(terms(article(text, language="xx"))) == found
