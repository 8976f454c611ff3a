#!/usr/bin/env python3
"""Cuts the two stamp fonts out of Noto Sans CJK SC (needs `pip install fonttools`).

    make-fonts.py NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc

stamp-regular.otf: ASCII, Latin-1, punctuation, all 6 763 characters of GB 2312 and characters outside it that
names of people and places use. stamp-bold.otf: digits and ASCII, for the time.
"""
import subprocess
import sys

# Outside GB 2312, but met in names of people, places and shops.
NAMES = (
    "喆堃玥珺琰昉昇晞晅旻旸昕珅玘玙玚玟玹珂珏珣珩珮珽琇琎琤琦琨琪琬琮琯琲瑀瑄瑆瑔瑨瑭瑱璈璟璠璩璘璐璜璞璧"
    "淼淏淯湉湜溱滢滢漪潆潓潼澂澍澔澧濛灏炅炆炘炜炫烁烜烨焌焓焜煊煜煦熠燊燚犇甯畇皓皛盷睿瞾祎祺禛禔禤禹稼"
    "竑竣笙筠箐簃粲綦縯羿翀翊翎翯聿胤臧舸芃芊芮芷苁苒苡茜茹荃荇荍荪莜莘莛莹菀菁菡萱萩葳蒨蓁蓥蔚蕙薇蘅虓"
    "袆裎裕褀訚誉谌豫贇赟赪赫轩辀迦逄逯逵郗郦鄄鄞酆钊钏钰钶钺铎铖铠铄铭锃锜锟锴镕镡镱闫闵阎陇陞隽雎雯雱"
    "霁霈霏霙霖靖靓韡韪韬頔頫颀颉颋颖飏飒饴馡馥骁骅骉骎骏骞骥髙鬯鲲鸢鹏鹮麒麓黛黠黟堉埕埗垚埇塬墉墣垟"
    "垱垌堌堽塆塝壋妘妤妧姁姈姝姞姮娅娉娣娴婕婧婳媖媛嫄嬅嬛嬿孖孜宓宥宸寔寘屾岍岚岽峂峣峤峪崀崃崑崚崟崧嵘"
    "嵚嵩巍帏帔帟廑弢弨彧彣忱怀怡恺恽悫惇愔慜懋戬扆扬抃拯揆揚撄敔斓斐旃旂旉旎旖昀昃昊昙昺晁晊晏晔晖晗晙晟"
    "晡晢晧晳晴暄暐暕暤曈曌曦朊朗杲杺枞枥柃柽栩桁桓桉桠梓梵棣棨棪棽椋椿楗楠楹榆榕榛槚樾橦檀欤歆毓沄沅沆沚"
    "沛沣沨沩沭泓泖泠泱泺洄洢洣洮洺洵洹浉浔浛浠浥浬浯涂涢涪涵淇淄淅淙淞淦淳渌渑渟渥湄湋湑湲湳溁溆溍溦溧"
    "滏滕滘滟滠漕漳漷潍潏潞潴澉澴澹濂濉濡濩濮瀍瀛灈灞俍俞俣俶俦倓倞倩偈偲傕傲僖僮儇儆儒儫冼凇凊刘劼勍勐匡"
    "卞卣厍厝厦吒吔呙咀咏哚喈嗳嘉嘏嘒噶囡囿圩圪圳坂坜坭坻垇垡垸埂埌埠堎堰塅镕鎏鎔鎛鎰鑫钜鈺錡銘錕淩祐祜衹"
    "甪畈畲疃皋砀砻硔碛碶磻磾礐礌窎窨篁簋簕簰翚耒耿艽芈芎苴茌茔荥莒莨莳莼菂菉菏萏葑蒌蒗蒯蓢蕲薜藁蘑虢蚌"
    "衢褚觱诏诨诰谟谡谯谳豳贲赉赣趸跶辋迨迳逑逶遴遹邈邕邙邛邡邢邰邳邶邸郄郅郇郏郓郜郢郧郫郯鄂鄌鄢鄣鄯鄱"
    "酂酃醴钐钘钦铧铼锂锘锳镆镒镔镠闽阆阕阗隗隰雒雝韩颙驷驺驽骃骈骙骢鳌鳟鹂鹄鹭鹳鹿麂麇黎鼋鼐龑龔龙龢"
    "仝仡伋伲佤佧佬侃侗侑俨傣僳僰兖兗冧刈劬勷叆嗪囍塱妫嬢孺宕岢岱岵峄崂嶂巖廙彟忞怿恂恬愨戢扦攸旆昰晸杓"
    "枧枳柟柰栎栾桄桫桴梽楝槎槿橹櫆欹氚汕汜汨汶沁沇沔洑浃浐浚涞淖淝渎渚滁滇滦漭澧澶濠濯瀚炀焱煒熺燏燿牟牦"
    "犍犰狄猗猷獐玎玕玮玳珉珑珙珞珥珧珲琅琊琍琏琚琛琼瑁瑗瑙瑛瑜瑞瑢瑶瑷瑾璀璇璋璎璨瓒"
)
LATIN = [chr(c) for c in [*range(0x20, 0x7F), *range(0xA0, 0x180)]]
MARKS = list("–—‘’“”…·•±×÷−≤≥≈°′″№℃→←↑↓①②③④⑤⑥⑦⑧⑨⑩　、。〈〉《》「」『』【】〔〕〖〗々〇￥！＂＃＄％＆＇（）＊＋，－．／：；＜＝＞？＠［＼］＾＿｀｛｜｝～")


def gb2312():
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue


def cut(source, target, characters):
    with open("characters.txt", "w", encoding="utf-8") as f:
        f.write("".join(sorted(set(characters))))
    subprocess.run(
        [sys.executable, "-m", "fontTools.subset", source, "--font-number=2", "--text-file=characters.txt",
         f"--output-file={target}", "--layout-features=kern,palt", "--no-hinting",
         "--name-IDs=0,1,2,3,4,5,6,13,14", "--drop-tables+=vhea,vmtx,VORG,BASE,GSUB,DSIG"],
        check=True)
    subprocess.run(["rm", "characters.txt"], check=True)


if __name__ == "__main__":
    regular, bold = sys.argv[1:3]
    cut(regular, "stamp-regular.otf", [*gb2312(), *NAMES, *LATIN, *MARKS])
    cut(bold, "stamp-bold.otf", [chr(c) for c in range(0x20, 0x7F)])
