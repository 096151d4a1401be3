/** From the sandbox register. Who signs in one test has a key, a PIN and tries of their own: no two tests share one. */
export interface Person {
  name: string
  id_number: string
  phone: string
  pin: string
}

export interface Company {
  name: string
  credit_code: string
  legal_representative: string
  account_number: string
}

export const signer = {
  name: '李明哲',
  id_number: '440305197811033036',
  phone: '13800000003',
  email: 'li@supplier.example',
  pin: '730591',
}

export const agent = {
  name: '王建国',
  id_number: '310101199007265411',
  phone: '13800000002',
  email: 'wang@zhusha.example',
  pin: '582047',
}

export const company: Company = {
  name: '北京朱砂科技有限公司',
  credit_code: '91110105MA01CHEN75',
  legal_representative: '陈晓雨',
  account_number: '11001018800053001234',
}

/** Types the wrong PIN. */
export const guesser: Person = {
  name: '欧阳清源',
  id_number: '510104199512121220',
  phone: '13800000005',
  pin: '417308',
}

/** Forgets the PIN. */
export const forgetter: Person = {
  name: '陈晓雨',
  id_number: '11010519860214102X',
  phone: '13800000001',
  pin: '608253',
}

/** Types instead of drawing. */
export const typist: Person = {
  name: '古丽巴哈尔·阿卜杜热合曼',
  id_number: '650102198305016018',
  phone: '13800000004',
  pin: '936172',
}

/** Seals with a picture of the company's own. */
export const sealer: Person = {
  name: '尼玛·扎西次仁·旺堆',
  id_number: '540102197403222624',
  phone: '13800000008',
  pin: '250849',
}

/** Looks into the camera instead of giving a phone. */
export const faced: Person = {
  name: '赵䶮',
  id_number: '33010619690918361X',
  phone: '13800000006',
  pin: '371864',
}

export const sealed: Company = {
  name: '深圳远帆贸易有限公司',
  credit_code: '91440300MA5EXAMP0C',
  legal_representative: '李明哲',
  account_number: '44201505100052509876',
}

/** Signs in at the company's own directory too. */
export const member: Person = {
  name: '王𬭎堃',
  id_number: '61010319880808154X',
  phone: '13800000007',
  pin: '815306',
}

export const employer: Company = {
  name: '上海（浦东）长三角国际供应链管理与信息技术服务股份有限公司',
  credit_code: '91310000MA1FTRY004',
  legal_representative: '欧阳清源',
  account_number: '31001550400050012345',
}

export const sender = {
  name: 'Zhusha Technology',
  email: 'sender@zhusha.example',
  password: 'vermilion paste in a jade box',
}

/** Led by the typist, who acts for it in person, and lets somebody else. */
export const led: Company = {
  name: '新疆天山果业农民专业合作社',
  credit_code: '93650102MA77DEM05D',
  legal_representative: '古丽巴哈尔·阿卜杜热合曼',
  account_number: '65001610100052504567',
}
