/** From the sandbox register. */
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

export const company = {
  name: '北京朱砂科技有限公司',
  credit_code: '91110105MA01CHEN75',
  legal_representative: '陈晓雨',
  account_number: '11001018800053001234',
}

export const sender = {
  name: 'Zhusha Technology',
  email: 'sender@zhusha.example',
  password: 'vermilion paste in a jade box',
}
