import type { Browser } from '@playwright/test'

const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Purchase contract</title>
<style>@page{size:A4;margin:22mm}body{font:12pt/1.8 "Noto Sans CJK SC","Noto Sans SC",sans-serif}i{position:absolute;font-style:normal}h1{text-align:center}section+section{break-before:page}</style>
<section><h1>设备采购合同 · Purchase contract</h1><p>甲方（采购方）：北京朱砂科技有限公司<br>乙方（供应方）：李明哲</p>
<p>根据《中华人民共和国民法典》及相关法律规定，甲乙双方在平等自愿的基础上，就设备采购事宜协商一致，订立本合同。</p>
<p>第一条 标的　乙方向甲方提供数控机床两台，型号 VM-850，含安装调试。</p><p>第二条 价款　合同总价为人民币捌拾陆万元整（¥860,000.00）。</p>
<p>The supplier delivers two machine tools, model VM-850, for a total of CNY 860,000.00.</p>
<i style="top:157mm;left:0">联系地址：</i><i style="top:172mm;left:0">甲方（盖章）：</i><i style="top:172mm;left:84mm">乙方（签名）：</i><i style="top:227mm;left:84mm">日期：</i></section>
<section><h2>签署页 · Signatures</h2><p>甲方（盖章）：</p></section></html>`

/** A PDF by another program than ours: two pages, Chinese and Latin text. */
export async function contract(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage()
  try {
    await page.setContent(html)
    return await page.pdf({ preferCSSPageSize: true })
  } finally {
    await page.close()
  }
}
